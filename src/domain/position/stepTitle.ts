// What each step of the procedure is called, wherever it is named: tree, palette, context menu, walkthrough.
import type { Message, TextKey } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { Phase, StepId } from '../procedure/stepOrder.js';

const STEP_TITLES = {
  'check-tools': 'migration.step.check-tools',
  'check-asmcli': 'migration.step.check-asmcli',
  'check-clusters': 'migration.step.check-clusters',
  'check-fleet': 'migration.step.check-fleet',
  'check-permissions': 'migration.step.check-permissions',
  'get-credentials': 'migration.step.get-credentials',
  'download-migrate-ca': 'migration.step.download-migrate-ca',
  'set-istioctl-path': 'migration.step.set-istioctl-path',
  'record-baseline': 'migration.step.record-baseline',
  'install-revision-1': 'migration.step.install-revision-1',
  'probe-revision-1': 'migration.step.probe-revision-1',
  'install-revision-2': 'migration.step.install-revision-2',
  'probe-revision-2': 'migration.step.probe-revision-2',
  'show-revisions': 'migration.step.show-revisions',
  'migrate-namespace': 'migration.step.migrate-namespace',
  'restart-workloads': 'migration.step.restart-workloads',
  'show-labels': 'migration.step.show-labels',
  'test-application': 'migration.step.test-application',
  'check-root-cert': 'migration.step.check-root-cert',
  'check-workload-cert': 'migration.step.check-workload-cert',
  'scan-identity': 'migration.step.scan-identity',
  'migrate-gateway': 'migration.step.migrate-gateway',
  'upgrade-gateway': 'migration.step.upgrade-gateway',
  'delete-old-gateway': 'migration.step.delete-old-gateway',
  'move-tags': 'migration.step.move-tags',
  'finalize-webhook': 'migration.step.finalize-webhook',
  'delete-old-istiod': 'migration.step.delete-old-istiod',
  'delete-old-operator': 'migration.step.delete-old-operator',
  'roll-back-namespace': 'migration.step.roll-back-namespace',
  'roll-back-gateway': 'migration.step.roll-back-gateway',
  'roll-back-cluster': 'migration.step.roll-back-cluster',
  'backup-secrets': 'migration.step.backup-secrets',
  'delete-secrets': 'migration.step.delete-secrets',
  'restart-control-plane': 'migration.step.restart-control-plane',
  'restart-gateways': 'migration.step.restart-gateways',
  'restore-secrets': 'migration.step.restore-secrets',
} as const satisfies Readonly<Record<StepId, TextKey>>;

const PHASE_TITLES = {
  0: 'migration.phase.0',
  1: 'migration.phase.1',
  2: 'migration.phase.2',
  3: 'migration.phase.3',
} as const satisfies Readonly<Record<Phase, TextKey>>;

/** As a command: “Install the Control Plane of Phase 1”. */
export function stepTitle(step: StepId): Message {
  return message(STEP_TITLES[step]);
}

export function phaseTitle(phase: Phase): Message {
  return message(PHASE_TITLES[phase]);
}
