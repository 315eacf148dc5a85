// A Gateway of the Gateway API, moved to another revision or back by its own label: its controller makes the pods anew, in place.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { message } from '../../shared/text/message.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { configFindings } from './gatewayConfigFindings.js';
import type { OrderedGateway } from './gatewayParts.js';
import { injectedBy, rolloutStatus } from './gatewayParts.js';
import type { MeshSituation, StepDraft } from './procedureStep.js';
import { kubectl } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, findingsWhere, triedAtServer, warns } from './stepDraft.js';
import { rolledOut } from './verifyRollout.js';

/** `name` is the Gateway's; the gateway is the Deployment made of it. */
export function moveGatewayApi(situation: MeshSituation, gateway: OrderedGateway, name: string, revision: string): StepDraft {
  const { cluster, namespace, facts } = gateway;
  // The controller copies the Gateway's labels to the Deployment, and writes the revision that made them to the pods.
  const before = facts.labels[REVISION_LABEL];
  const isThere = facts.templateLabels[REVISION_LABEL] === revision;
  const wait = rolloutStatus(situation, cluster, namespace.name, facts.name);
  const label = labelled(situation, gateway, name, `${REVISION_LABEL}=${revision}`);
  const back = labelled(situation, gateway, name, before === undefined ? `${REVISION_LABEL}-` : `${REVISION_LABEL}=${before}`);
  return {
    ...EMPTY_DRAFT,
    commands: [label, wait],
    dryRun: triedAtServer([label]),
    changes: [message('procedure.gatewayApi.change.label', { name, revision }), message('procedure.upgradeGateway.change.rolls', { pods: facts.desired })],
    guarded: [message('procedure.migrateGateway.guard.config')],
    findings: [
      ...findingsWhere(
        [facts.paused, blocks(message('procedureChecks.gateway.paused', { name: facts.name }))],
        [facts.desired < 2, warns(message('procedureChecks.gateway.oneReplica', { name: facts.name }))],
      ),
      ...configFindings(situation, gateway, revision),
    ],
    checks: [message('procedure.migrateGateway.check.ready', { revision })],
    undo: {
      explanation: before === undefined ? message('procedure.gatewayApi.undoUnlabelled', { name }) : message('procedure.gatewayApi.undo', { name, revision: before }),
      commands: [back, wait],
    },
    verify: allOf(
      rolledOut({ cluster, namespace: namespace.name, kind: 'Deployment', name: facts.name }, isThere ? undefined : facts.generation),
      injectedBy(gateway, facts.name, revision),
    ),
  };
}

function labelled(situation: MeshSituation, { cluster, namespace }: OrderedGateway, gateway: string, label: string): CommandSpec {
  return kubectl(situation, cluster, 'label', 'gateways.gateway.networking.k8s.io', gateway, '-n', namespace.name, label, '--overwrite');
}
