// Which revision a label value means, and which revision would inject a pod: the webhooks' selectors evaluated as the API
// server does, and the webhook's Service looked up, because whoever it leads to is the injector.
import { DEFAULT_REVISION, REVISION_LABEL } from '../../shared/istioNames.js';
import { matchesSelector } from './podSelection.js';
import type { InjectorFacts, Labels, WebhookRule } from './facts.js';
import { isKnown } from './known.js';
import type { ClusterSnapshot } from './snapshot.js';

/** What a value of `istio.io/rev` means in this cluster. */
export type RevisionMeaning =
  | { readonly kind: 'revision'; readonly revision: string }
  | { readonly kind: 'tag'; readonly tag: string; readonly revision: string }
  /** No webhook has it: pods created under it silently get no sidecar. */
  | { readonly kind: 'dangling'; readonly value: string }
  | { readonly kind: 'unknown' };

/** What would happen to a pod created now. */
export type InjectionForecast =
  | { readonly kind: 'injected'; readonly revision: string; readonly webhook: string }
  | { readonly kind: 'notInjected' }
  | { readonly kind: 'unknown' };

export interface InjectionRule {
  readonly injector: InjectorFacts;
  /** Of the istiod that the webhook's Service leads to; where that is not known, what the webhook's label says. */
  readonly revision: string;
}

/** The injectors of one cluster, by name, as the API server calls them. Equal rules are the same object. */
export interface InjectionRules {
  readonly known: boolean;
  readonly rules: readonly InjectionRule[];
}

/** Namespaces that Istio never injects into (`IgnoredNamespaces` of pkg/kube/inject). */
const IGNORED_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

const rulesByInjectors = new WeakMap<object, { readonly signature: string; readonly rules: InjectionRules }>();

/** The rules of this moment; the same object as long as they say the same, so that views computed from them stay valid. */
export function injectionRules(snapshot: ClusterSnapshot): InjectionRules {
  const known = isKnown(snapshot, 'mutatingwebhookconfigurations');
  const injectors = [...snapshot.injectors.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const rules = injectors.map((injector) => ({ injector, revision: revisionServedTo(snapshot, injector) }));
  const signature = [String(known), ...rules.map(({ revision }) => revision)].join(' ');
  const remembered = rulesByInjectors.get(snapshot.injectors);
  if (remembered?.signature === signature) return remembered.rules;
  const made = { known, rules };
  rulesByInjectors.set(snapshot.injectors, { signature, rules: made });
  return made;
}

/** A tag wins over a revision of the same name, as istioctl resolves them. */
export function meaningOf({ known, rules }: InjectionRules, value: string): RevisionMeaning {
  if (!known) return { kind: 'unknown' };
  const tag = rules.find(({ injector }) => injector.tag === value);
  if (tag !== undefined) return { kind: 'tag', tag: value, revision: tag.revision };
  const revision = rules.find(({ injector }) => injector.tag === undefined && (injector.revision ?? DEFAULT_REVISION) === value);
  return revision === undefined ? { kind: 'dangling', value } : { kind: 'revision', revision: revision.revision };
}

/** Which revision injects a pod with these labels that is created in a namespace with those. */
export function forecastInjection(rules: InjectionRules, namespace: PlaceOfPod, pod: PodOutline): InjectionForecast {
  if (isNeverInjected(namespace, pod)) return { kind: 'notInjected' };
  if (!rules.known) return { kind: 'unknown' };
  for (const rule of rules.rules) {
    const webhook = matchingWebhook(rule, namespace, pod);
    if (webhook !== undefined) return { kind: 'injected', revision: rule.revision, webhook: webhook.name };
  }
  return { kind: 'notInjected' };
}

/** Every injector that the API server would call for such a pod, each with the webhook of it that matches, in order of names. */
export function calledInjectors(
  { rules }: InjectionRules,
  namespace: PlaceOfPod,
  pod: PodOutline,
): readonly (InjectionRule & { readonly webhook: WebhookRule })[] {
  if (isNeverInjected(namespace, pod)) return [];
  return rules.flatMap((rule) => {
    const webhook = matchingWebhook(rule, namespace, pod);
    return webhook === undefined ? [] : [{ ...rule, webhook }];
  });
}

interface PlaceOfPod {
  readonly name: string;
  readonly labels: Labels;
}

interface PodOutline {
  readonly labels: Labels;
  readonly hostNetwork: boolean;
}

function isNeverInjected(namespace: PlaceOfPod, pod: PodOutline): boolean {
  return pod.hostNetwork || IGNORED_NAMESPACES.has(namespace.name);
}

function matchingWebhook({ injector }: InjectionRule, namespace: PlaceOfPod, pod: PodOutline): WebhookRule | undefined {
  // The API server itself puts this label on every namespace; selectors may use it.
  const labels = { 'kubernetes.io/metadata.name': namespace.name, ...namespace.labels };
  return injector.webhooks.find(
    ({ namespaceSelector, objectSelector }) => matchesSelector(labels, namespaceSelector) && matchesSelector(pod.labels, objectSelector),
  );
}

function revisionServedTo(snapshot: ClusterSnapshot, injector: InjectorFacts): string {
  const declared = injector.revision ?? DEFAULT_REVISION;
  const address = injector.webhooks.find(({ service }) => service !== undefined)?.service;
  const namespace = address === undefined ? undefined : snapshot.namespaces.get(address.namespace);
  const service = address === undefined ? undefined : namespace?.services.get(address.name);
  if (namespace === undefined || service === undefined || Object.keys(service.selector).length === 0) return declared;
  const wanted = Object.entries(service.selector);
  const serving = [...namespace.pods.values()].filter(
    ({ ready, terminating, labels }) => ready && !terminating && wanted.every(([key, value]) => labels[key] === value),
  );
  const revisions = new Set(serving.map(({ labels }) => labels[REVISION_LABEL] ?? DEFAULT_REVISION));
  const [only] = revisions;
  return revisions.size === 1 && only !== undefined ? only : declared;
}
