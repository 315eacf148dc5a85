// Whether a gateway of another revision would serve what this one serves: what istiod keeps from its pods, and the TLS Secrets that
// have to be where they run.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ApiCredential, GatewayApiConfig } from '../evidence/gatewayApiConfig.js';
import { apiCredentialsOf, gatewayApiConfig, lostApiConfig } from '../evidence/gatewayApiConfig.js';
import type { GatewayConfig, GatewayCredential } from '../evidence/gatewayConfig.js';
import { clientCaOf, credentialsOf, gatewayConfig, isSeenBy, lostConfig } from '../evidence/gatewayConfig.js';
import type { GatewayApiFacts } from '../mesh/gatewayApiObjects.js';
import type { GateObjectKind, NamedObject } from '../mesh/gateObjects.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { OrderedGateway } from './gatewayParts.js';
import { servicesLeadingTo } from './gatewayParts.js';
import type { InspectionAnswer, InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation, StepFinding } from './procedureStep.js';
import { blocks, warns } from './stepDraft.js';

/** Of which what is not listed could be lost without anybody knowing; the others are of Gateways of the Gateway API alone. */
const CONFIGURING: readonly GateObjectKind[] = ['istioGateways', 'virtualServices', 'gatewayApi'];
const CONFIGURING_API: readonly GateObjectKind[] = [...CONFIGURING, 'gatewayRoutes', 'referenceGrants'];
/** Entries of a Secret in which Istio finds a CA for clients (istio, pilot/pkg/credentials/kube, extractRoot). */
const CLIENT_CA_ENTRIES: readonly string[] = ['ca.crt', 'cacert'];

/** Behind the same Service the new pods get their share of the traffic as soon as they are Ready, and drop what they were not told of (istio#44047). */
export function configFindings(situation: MeshSituation, gateway: OrderedGateway, revision: string): readonly StepFinding[] {
  const { objects } = gateway.snapshot;
  const unread = (apiGatewaysOf(gateway).length === 0 ? CONFIGURING : CONFIGURING_API).filter((kind) => objects[kind].state !== 'listed');
  const [apiNow, apiThen] = [gatewayApiNow(gateway), gatewayApiThen(gateway, revision)];
  const lost = [...lostConfig(configNow(gateway), configThen(gateway, revision)), ...lostApiConfig(apiNow, apiThen)];
  return [
    ...(unread.length === 0 ? [] : [blocks(message('procedureChecks.gateway.configUnread', { kinds: unread.join(', ') }))]),
    ...lost.map(({ kind, object }) => blocks(lossMessage(kind, object, revision))),
    ...grantFindings(apiNow, apiThen, revision),
    ...credentials(gateway, revision).flatMap((credential) => credentialFindings(situation, gateway, credential)),
  ];
}

/** Whether each TLS Secret is there: its name is asked for, never what it holds. */
export function credentialRequests(gateway: OrderedGateway, revision: string): readonly InspectionRequest[] {
  return credentials(gateway, revision).flatMap((credential) => [
    secretRequest(gateway, credential, credential.secret),
    ...(credential.verifiesClients ? [secretRequest(gateway, credential, clientCaOf(credential.secret))] : []),
  ]);
}

function secretRequest({ cluster }: OrderedGateway, { namespace }: GatewayCredential, name: string): InspectionRequest {
  return { kind: 'secretName', cluster, namespace, name };
}

/** One that is not granted is a finding of its own. */
function credentials(gateway: OrderedGateway, revision: string): readonly GatewayCredential[] {
  const ofApi = apiCredentialsOf(gatewayApiThen(gateway, revision)).filter(({ isGranted }) => isGranted);
  return [...credentialsOf(configThen(gateway, revision), gateway.namespace.name), ...ofApi];
}

function configNow(gateway: OrderedGateway): GatewayConfig {
  const { labels, revision } = servesNow(gateway);
  return gatewayConfig(gateway.snapshot, labels, revision);
}

/** By its pods, not by its template: they may be of two revisions while it rolls. */
function servesNow({ namespace, facts }: OrderedGateway): { readonly labels: Readonly<Record<string, string>>; readonly revision: string | undefined } {
  const pods = [...namespace.pods.values()].filter(({ owner }) => owner?.kind === 'Deployment' && owner.name === facts.name);
  const revisions = new Set(pods.flatMap(({ proxy }) => proxy?.revision ?? []));
  const [only] = revisions;
  return { labels: pods[0]?.labels ?? facts.templateLabels, revision: revisions.size === 1 ? only : undefined };
}

function configThen({ snapshot, facts }: OrderedGateway, revision: string): GatewayConfig {
  return gatewayConfig(snapshot, { ...facts.templateLabels, [REVISION_LABEL]: revision }, revision);
}

function gatewayApiNow(gateway: OrderedGateway): GatewayApiConfig {
  const { revision } = servesNow(gateway);
  const own = apiGatewaysOf(gateway).filter((one) => gateway.gatewayApi !== undefined || isSeenBy(one, revision));
  return gatewayApiConfig(gateway.snapshot.objects, own, revision);
}

function gatewayApiThen(gateway: OrderedGateway, revision: string): GatewayApiConfig {
  // The one that a Deployment is made of is labelled for the revision by the step itself.
  const own = apiGatewaysOf(gateway).filter((one) => gateway.gatewayApi !== undefined || isSeenBy(one, revision));
  return gatewayApiConfig(gateway.snapshot.objects, own, revision);
}

/** The Gateway that a controller makes this Deployment of, or those whose address is a Service in front of it (Istio, Gateway API, manual deployment). */
function apiGatewaysOf({ snapshot, namespace, facts, gatewayApi }: OrderedGateway): readonly GatewayApiFacts[] {
  const all = itemsOf(snapshot.objects.gatewayApi);
  if (gatewayApi !== undefined) return all.filter((one) => one.namespace === namespace.name && one.name === gatewayApi);
  const services = servicesLeadingTo(namespace, facts.templateLabels).map((name) => `${name}.${namespace.name}`);
  return all.filter((one) => one.hostnames.some((hostname) => services.includes(serviceNamed(hostname, one.namespace))));
}

/** `service.namespace`, however much of its name is written. */
function serviceNamed(hostname: string, namespace: string): string {
  const [service = '', place = namespace] = hostname.split('.');
  return `${service}.${place}`;
}

function lossMessage(kind: string, object: NamedObject, revision: string): Message {
  const name = `${object.namespace}/${object.name}`;
  const label = object.labels[REVISION_LABEL];
  return label === undefined || label === revision
    ? message('procedureChecks.gateway.configElsewhere', { kind, name, revision })
    : message('procedureChecks.gateway.configUnseen', { kind, name, label, revision });
}

/** A listener without its grant is closed as a whole: in the way where the move closes it, said where it is closed already. */
function grantFindings(before: GatewayApiConfig, after: GatewayApiConfig, revision: string): readonly StepFinding[] {
  const wordsOf = ({ gateway, namespace, secret }: ApiCredential): string => `${gateway} ${namespace}/${secret}`;
  const granted = new Set(apiCredentialsOf(before).filter(({ isGranted }) => isGranted).map(wordsOf));
  return apiCredentialsOf(after)
    .filter(({ isGranted }) => !isGranted)
    .map((credential) => {
      const words = { name: credential.gateway, secret: `${credential.namespace}/${credential.secret}` };
      return granted.has(wordsOf(credential)) ? blocks(message('procedureChecks.gateway.grantUnseen', { ...words, revision })) : warns(message('procedureChecks.gateway.notGranted', words));
    });
}

function credentialFindings(situation: MeshSituation, gateway: OrderedGateway, credential: GatewayCredential): readonly StepFinding[] {
  const answer = answerTo(situation.inspection, secretRequest(gateway, credential, credential.secret));
  const words = { secret: `${credential.namespace}/${credential.secret}`, name: credential.gateway };
  if (answer?.kind === 'absent') return [warns(message('procedureChecks.gateway.noCredential', words))];
  if (answer?.kind !== 'secret') return [warns(message('procedureChecks.gateway.credentialUnread', words))];
  if (!credential.verifiesClients) return [];
  const ca = answerTo(situation.inspection, secretRequest(gateway, credential, clientCaOf(credential.secret)));
  const problem = clientCaProblem(answer, ca);
  return problem === undefined ? [] : [warns(message(problem, { ...words, ca: `${credential.namespace}/${clientCaOf(credential.secret)}` }))];
}

/** A Secret of the CA's own wins; otherwise the certificate's Secret has to hold one, as far as its metadata says. */
function clientCaProblem({ keys }: Extract<InspectionAnswer, { kind: 'secret' }>, ca: InspectionAnswer | undefined): 'procedureChecks.gateway.noClientCa' | 'procedureChecks.gateway.clientCaUnread' | undefined {
  if (ca?.kind === 'secret') return undefined;
  if (keys?.some((key) => CLIENT_CA_ENTRIES.includes(key)) === true) return undefined;
  return ca?.kind === 'absent' && keys !== undefined ? 'procedureChecks.gateway.noClientCa' : 'procedureChecks.gateway.clientCaUnread';
}
