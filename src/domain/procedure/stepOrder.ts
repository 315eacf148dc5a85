// Which step, on what: the words in which tree, palette, position, gates, journal and command line speak of steps.
import type { ClusterRef } from '../cluster.js';

export type Phase = 0 | 1 | 2 | 3;

/** Every row of the procedure by its id, in the guide's order; a step of both phases is told which by its order. */
export const STEP_IDS = [
  'check-tools',
  'check-asmcli',
  'check-clusters',
  'check-fleet',
  'check-permissions',
  'get-credentials',
  'download-migrate-ca',
  'set-istioctl-path',
  'record-baseline',
  'install-revision-1',
  'probe-revision-1',
  'install-revision-2',
  'probe-revision-2',
  'show-revisions',
  'migrate-namespace',
  'restart-workloads',
  'show-labels',
  'test-application',
  'check-root-cert',
  'check-workload-cert',
  'scan-identity',
  'migrate-gateway',
  'upgrade-gateway',
  'delete-old-gateway',
  'move-tags',
  'finalize-webhook',
  'delete-old-istiod',
  'delete-old-operator',
  'roll-back-namespace',
  'roll-back-gateway',
  'roll-back-cluster',
  'backup-secrets',
  'delete-secrets',
  'restart-control-plane',
  'restart-gateways',
  'restore-secrets',
] as const;

export type StepId = (typeof STEP_IDS)[number];

export type StepTarget =
  | { readonly scope: 'mesh' }
  | { readonly scope: 'cluster'; readonly cluster: ClusterRef }
  | { readonly scope: 'namespace'; readonly cluster: ClusterRef; readonly namespace: string }
  /** `name` is the gateway's Deployment (or, for the Gateway API, its Gateway). */
  | { readonly scope: 'gateway'; readonly cluster: ClusterRef; readonly namespace: string; readonly name: string };

export type StepScope = StepTarget['scope'];

/** What a step has to be told besides its target, as plain texts; each step's row says which it reads. */
export type StepParameters = Readonly<Record<string, string>>;

export interface StepOrder {
  readonly step: StepId;
  readonly phase: Phase;
  readonly target: StepTarget;
  readonly parameters: StepParameters;
}

/** A way out that a gate or a position names; the user's click makes an order of it. */
export type StepSuggestion = Pick<StepOrder, 'step' | 'phase' | 'target'>;
