// What could be created next in a cluster, and what the webhooks of this moment would make of it.
import { message } from '../../shared/text/message.js';
import { INJECTION_LABEL, POD_INJECT_LABEL, PROXY_IMAGE_ANNOTATION, REVISION_LABEL } from '../../shared/istioNames.js';
import type { CreatableFacts } from '../gates/gateFacts.js';
import type { Labels } from '../mesh/facts.js';
import type { GatewayApiFacts } from '../mesh/gatewayApiObjects.js';
import { itemsOf } from '../mesh/gateObjects.js';
import { refusesInjection } from '../mesh/podSelection.js';
import { calledInjectors, meaningOf } from '../mesh/revisions.js';
import type { NamespaceSnapshot } from '../mesh/snapshot.js';
import type { ClusterContext } from './clusterContext.js';
import { defaultRevision } from './defaultRevision.js';
import { bringsOwnCertificates, isProxyless } from './injectionTemplates.js';
import { batchOf, podTemplates } from './podTemplates.js';
import type { PodTemplate } from './podTemplates.js';
import { hasReadyEndpoint } from './serviceEndpoints.js';

/** Image registries whose proxies can ask Mesh CA for a certificate: Google's. */
export const ASM_IMAGES = /^gcr\.io\/gke-release\/asm\/|^gke\.gcr\.io\/asm\//;

/** By namespace and workload; of each meshed namespace also the pod without labels of its own. */
export function creatableFacts(context: ClusterContext): readonly CreatableFacts[] {
  const meshedBefore = new Set(context.records.baseline?.meshed ?? []);
  const names = [...context.snapshot.namespaces.keys()].sort();
  const created = names.flatMap((name) => {
    const namespace = context.snapshot.namespaces.get(name);
    if (namespace === undefined || namespace.facts?.terminating === true) return [];
    const wasMeshed = meshedBefore.has(`${context.name}/${name}`);
    const templates = podTemplates(namespace, batchOf(context.snapshot, name)).filter(({ controlPlane }) => !controlPlane);
    const all = templates.map((template) => judge(context, namespace, template, wasMeshed));
    return [...all, ...plainPod(context, namespace, wasMeshed)];
  });
  return [...created, ...itemsOf(context.snapshot.objects.gatewayApi).map((gateway) => gatewayApi(context, gateway))];
}

function judge(context: ClusterContext, namespace: NamespaceSnapshot, template: PodTemplate, wasMeshed: boolean): CreatableFacts {
  const outcome = outcomeOf(context, namespace, template);
  const refuses = template.hostNetwork || refusesInjection(template.labels, template.annotations);
  const asks = asksForSidecar(namespace, template.labels) && !refuses;
  const injected = outcome.kind === 'injected' || outcome.kind === 'handInjected';
  const subject = `${context.name}/${namespace.name}/${template.workload}`;
  return {
    namespace: namespace.name,
    workload: template.workload,
    role: template.role,
    meshed: template.hasProxy || injected || asks || (wasMeshed && !refuses),
    outcome,
    foreignProxyImage: isForeignImage(template.annotations[PROXY_IMAGE_ANNOTATION]),
    // Who has answered for the proxies that live has answered for those that take their place.
    ownCertificates: bringsOwnCertificates(template) && !context.waivers.covers('proxy', subject),
    ...(isProxyless(template) && !context.waivers.covers('proxy', subject) && !context.waivers.covers('grpc', subject) && { proxyless: true as const }),
    waived: context.waivers.covers('creatable', subject),
  };
}

/** A proxy image of one's own that is not ASM's: open source cannot reach Mesh CA from 1.23 on (Istio removed the client). */
export function isForeignImage(image: string | undefined): boolean {
  return image !== undefined && image !== '' && image !== 'auto' && !ASM_IMAGES.test(image);
}

function outcomeOf(context: ClusterContext, namespace: NamespaceSnapshot, template: PodTemplate): CreatableFacts['outcome'] {
  // The injector leaves alone what holds a proxy already.
  if (template.handInjected) return { kind: 'handInjected', revision: template.proxyRevision };
  if (refusesInjection({}, template.annotations) && template.labels[POD_INJECT_LABEL] === undefined) return { kind: 'withoutSidecar' };
  if (namespace.facts === undefined) return { kind: 'unknown', reason: message('reason.namespaceUnknown') };
  if (!context.rules.known) return { kind: 'unknown', reason: message('reason.webhooksUnknown') };
  const [first, ...others] = calledInjectors(context.rules, namespace.facts, template);
  if (first === undefined) return { kind: 'withoutSidecar' };
  // Every webhook that matches is called, and each can refuse the pod by not answering.
  for (const { webhook } of [first, ...others]) {
    const { service } = webhook;
    const ready = hasReadyEndpoint(context.snapshot, service);
    const address = service === undefined ? message('reason.url') : message('reason.service', { name: `${service.namespace}/${service.name}` });
    if (ready === false) return { kind: 'refused', reason: message('reason.webhookRefuses', { webhook: webhook.name, address }) };
    if (ready === 'unknown') return { kind: 'unknown', reason: message('reason.webhookUnknown', { webhook: webhook.name, address }) };
  }
  return { kind: 'injected', revision: first.revision };
}

/** Where the namespace's labels ask for a sidecar, or the pod's own do. */
function asksForSidecar(namespace: NamespaceSnapshot, pod: Labels): boolean {
  const labels = namespace.facts?.labels ?? {};
  if (labels[INJECTION_LABEL] === 'disabled') return false;
  if (labels[INJECTION_LABEL] === 'enabled' || labels[REVISION_LABEL] !== undefined) return true;
  return pod[POD_INJECT_LABEL] === 'true' || pod[REVISION_LABEL] !== undefined;
}

function plainPod(context: ClusterContext, namespace: NamespaceSnapshot, wasMeshed: boolean): readonly CreatableFacts[] {
  const template = {
    workload: `Namespace/${namespace.name}`,
    labels: {},
    annotations: {},
    hostNetwork: false,
    handInjected: false,
    proxyRevision: undefined,
    role: 'sidecar',
    hasProxy: false,
    controlPlane: false,
  } as const;
  const facts = judge(context, namespace, template, wasMeshed);
  return facts.meshed ? [facts] : [];
}

/** Its Deployment is rendered by the control plane that its own label names, not by a webhook (Istio's gateway deployment controller). */
function gatewayApi(context: ClusterContext, { namespace, name, labels }: GatewayApiFacts): CreatableFacts {
  return {
    namespace,
    workload: `Gateway/${name}`,
    role: 'router',
    meshed: true,
    outcome: gatewayApiOutcome(context, labels[REVISION_LABEL]),
    foreignProxyImage: false,
    ownCertificates: false,
    waived: context.waivers.covers('creatable', `${context.name}/${namespace}/Gateway/${name}`),
  };
}

function gatewayApiOutcome({ rules }: ClusterContext, label: string | undefined): CreatableFacts['outcome'] {
  if (label === undefined) {
    const revision = defaultRevision(rules);
    return revision === undefined ? { kind: 'unknown', reason: message('reason.noDefault') } : { kind: 'injected', revision };
  }
  const meaning = meaningOf(rules, label);
  if (meaning.kind === 'revision' || meaning.kind === 'tag') return { kind: 'injected', revision: meaning.revision };
  return { kind: 'unknown', reason: message('reason.nobodyAnswers', { label }) };
}
