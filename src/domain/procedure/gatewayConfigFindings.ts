// Whether a gateway of another revision would serve what this one serves: what istiod keeps from its pods, and the TLS Secrets that
// have to be where they run.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { message } from '../../shared/text/message.js';
import type { GatewayConfig, LostConfig } from '../evidence/gatewayConfig.js';
import { credentialsOf, gatewayConfig, lostConfig } from '../evidence/gatewayConfig.js';
import type { OrderedGateway } from './gatewayParts.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, StepFinding } from './procedureStep.js';
import { blocks, findingsWhere, warns } from './stepDraft.js';

/** Behind the same Service the new pods get their share of the traffic as soon as they are Ready, and drop what they were not told of (istio#44047). */
export function configFindings(situation: MeshSituation, gateway: OrderedGateway, revision: string): readonly StepFinding[] {
  const { istioGateways, virtualServices } = gateway.snapshot.objects;
  return [
    ...findingsWhere([istioGateways.state !== 'listed' || virtualServices.state !== 'listed', blocks(message('procedureChecks.gateway.configUnread'))]),
    ...lostConfig(configNow(gateway), configThen(gateway, revision)).map((lost) => blocks(lossMessage(lost, revision))),
    ...credentialFindings(situation, gateway, revision),
  ];
}

/** Whether each TLS Secret is there: its name is asked for, never what it holds. */
export function credentialRequests(gateway: OrderedGateway, revision: string): readonly InspectionRequest[] {
  const { cluster, namespace } = gateway;
  return credentialsOf(configThen(gateway, revision), namespace.name).map(({ namespace: place, secret }) => ({ kind: 'secretName', cluster, namespace: place, name: secret }));
}

function configNow({ snapshot, namespace, facts }: OrderedGateway): GatewayConfig {
  const pods = [...namespace.pods.values()].filter(({ owner }) => owner?.kind === 'Deployment' && owner.name === facts.name);
  const revisions = new Set(pods.flatMap(({ proxy }) => proxy?.revision ?? []));
  const [only] = revisions;
  return gatewayConfig(snapshot, pods[0]?.labels ?? facts.templateLabels, revisions.size === 1 ? only : undefined);
}

function configThen({ snapshot, facts }: OrderedGateway, revision: string): GatewayConfig {
  return gatewayConfig(snapshot, { ...facts.templateLabels, [REVISION_LABEL]: revision }, revision);
}

function lossMessage({ kind, object }: LostConfig, revision: string): ReturnType<typeof message> {
  const name = `${object.namespace}/${object.name}`;
  const label = object.labels[REVISION_LABEL];
  return label === undefined || label === revision
    ? message('procedureChecks.gateway.configElsewhere', { kind, name, revision })
    : message('procedureChecks.gateway.configUnseen', { kind, name, label, revision });
}

function credentialFindings(situation: MeshSituation, gateway: OrderedGateway, revision: string): readonly StepFinding[] {
  const { cluster, namespace } = gateway;
  return credentialsOf(configThen(gateway, revision), namespace.name).flatMap(({ gateway: name, namespace: place, secret }) => {
    const answer = answerTo(situation.inspection, { kind: 'secretName', cluster, namespace: place, name: secret });
    if (answer?.kind === 'present') return [];
    const words = { secret: `${place}/${secret}`, name };
    return [warns(answer?.kind === 'absent' ? message('procedureChecks.gateway.noCredential', words) : message('procedureChecks.gateway.credentialUnread', words))];
  });
}
