// Carries out a plan's command lines on a simulated cluster, as kubectl would: the verbs of the procedure that change something.
import { applyDefaults } from '../../src/rehearsal/api/defaults.js';
import type { KubeObject } from '../../src/rehearsal/kubeObject.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';
import { relabel } from '../unit/rehearsal/mesh/drawnMesh.js';

/** By the names that command lines use. */
const RESOURCES: Readonly<Record<string, string>> = {
  mutatingwebhookconfiguration: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  validatingwebhookconfiguration: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
  configmap: 'configmaps',
  service: 'services',
  secret: 'secrets',
  deployment: 'deployments.apps',
  statefulset: 'statefulsets.apps',
  horizontalpodautoscaler: 'horizontalpodautoscalers.autoscaling',
  poddisruptionbudget: 'poddisruptionbudgets.policy',
};

interface CommandLine {
  readonly argv: readonly string[];
}

/** Waiting for a rollout and writing annotations change nothing that a mesh goes by; any other verb is a mistake of the test. */
export function carryOut(cluster: SimulatedCluster, commands: readonly CommandLine[]): void {
  for (const { argv } of commands) carryOutOne(cluster, argv.slice(1));
}

/** A guide's line, without the cluster. */
export function carryOutLine(cluster: SimulatedCluster, line: string): void {
  carryOutOne(cluster, line.split(' ').slice(1));
}

function carryOutOne(cluster: SimulatedCluster, words: readonly string[]): void {
  const { plain, namespace } = operandsOf(words);
  const [verb, what = '', ...names] = plain;
  if (verb === 'delete') deleteObjects(cluster, what, namespace, names);
  else if (verb === 'label' && what === 'namespace') labelNamespace(cluster, names);
  else if (verb === 'rollout' && what === 'restart') names.forEach((name) => { restartWorkloads(cluster, namespace, name); });
  else if (verb !== 'annotate' && !(verb === 'rollout' && what === 'status')) throw new Error(`the mesh knows no ${words.join(' ')}`);
}

function operandsOf(words: readonly string[]): { readonly plain: readonly string[]; readonly namespace: string | undefined } {
  const options = ['--kubeconfig', '--context', '-n'];
  const plain = words.filter((word, index) => !word.startsWith('-') && !options.includes(words[index - 1] ?? ''));
  const at = words.indexOf('-n');
  return { plain, namespace: at < 0 ? undefined : words[at + 1] };
}

function resourceOf(kind: string): string {
  const resource = RESOURCES[kind.toLowerCase()];
  if (resource === undefined) throw new Error(`the mesh knows no ${kind}`);
  return resource;
}

function deleteObjects({ backend: { store } }: SimulatedCluster, kinds: string, namespace: string | undefined, names: readonly string[]): void {
  for (const kind of kinds.split(',')) for (const name of names) store.remove(resourceOf(kind), namespace, name);
}

function labelNamespace(cluster: SimulatedCluster, [namespace = '', ...changes]: readonly string[]): void {
  const labels = changes.map((change): [string, string | undefined] => {
    const [key = '', value] = change.split('=');
    return value === undefined ? [key.replace(/-$/u, ''), undefined] : [key, value];
  });
  relabel(cluster, namespace, Object.fromEntries(labels));
}

interface Templated {
  readonly template: { readonly metadata?: { readonly annotations?: Record<string, string> } };
}

/** `deployment` is all of them, `deployment/NAME` one. */
function restartWorkloads({ backend: { store } }: SimulatedCluster, namespace: string | undefined, operand: string): void {
  const [kind = '', only] = operand.split('/');
  const resource = resourceOf(kind);
  for (const object of store.list(resource, namespace).filter(({ metadata }) => only === undefined || metadata.name === only)) {
    const spec = object.spec as Templated;
    const annotations = { ...spec.template.metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': store.resourceVersion };
    store.replace(resource, { ...object, spec: { ...spec, template: { ...spec.template, metadata: { ...spec.template.metadata, annotations } } } });
  }
}

/** What the API server says to a new pod of this namespace: the refusal, or who injected it. */
export function createdPod({ backend }: SimulatedCluster, namespace: string): string {
  const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'next', namespace, labels: { app: 'next' } }, spec: { containers: [{ name: 'next', image: 'next:1' }] } };
  const answer = backend.admitPod(applyDefaults(pod));
  if ('refused' in answer) return answer.refused;
  return answer.admitted.metadata.annotations?.['istio.io/rev'] ?? 'without a sidecar';
}
