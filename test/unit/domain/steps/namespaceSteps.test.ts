// The command lines of the namespace steps, word by word, for every history of labels and every kind of workload.
import assert from 'node:assert/strict';
import type { NamespaceStepChoice } from '../../../../src/domain/steps/namespaceStep.js';
import { planNamespaceStep } from '../../../../src/domain/steps/namespaceSteps.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { KUBECTL, NEW_REVISION, podOf, stepMesh, TARGET, workload } from '../../../support/stepMesh.js';

const TOOLS = { kubectl: 'kubectl', rolloutTimeoutMinutes: 10 };
const MIGRATE: NamespaceStepChoice = { id: 'migrate-namespace', parameters: { revision: NEW_REVISION } };
const ROLL_BACK: NamespaceStepChoice = { id: 'roll-back-namespace', parameters: { to: undefined } };
const RESTART: NamespaceStepChoice = { id: 'restart-workloads', parameters: {} };
const MEMORY = `mesh-ca-migration/before.${NEW_REVISION}`;
const MOVED = { 'istio.io/rev': NEW_REVISION };

/** The words after what every command line begins with; that beginning is checked here for all. */
function words(mesh: StepMesh, choice: NamespaceStepChoice): string[] {
  const { commands } = planNamespaceStep(stepMesh(mesh), TARGET, choice, TOOLS);
  return commands.map(({ argv }) => {
    assert.deepEqual(argv.slice(0, KUBECTL.length), KUBECTL);
    return argv.slice(KUBECTL.length).join(' ');
  });
}

describe('migrating a namespace', () => {
  const httpbin = workload('Deployment', 'httpbin');

  it('remembers, labels, restarts and follows, in this order', () => {
    assert.deepEqual(words({ workloads: [httpbin] }, MIGRATE), [
      `annotate namespace foo ${MEMORY}={"istio-injection":"enabled"} --overwrite`,
      `label namespace foo istio.io/rev=${NEW_REVISION} istio-injection- --overwrite`,
      'rollout restart deployment -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
    ]);
  });

  it('remembers a revision, both labels, and that there was none', () => {
    const remembered = (labels: StepMesh['labels'] = {}): string | undefined => words({ labels }, MIGRATE)[0];
    assert.equal(remembered({ 'istio.io/rev': 'default' }), `annotate namespace foo ${MEMORY}={"istio.io/rev":"default"} --overwrite`);
    assert.equal(
      remembered({ 'istio.io/rev': NEW_REVISION, 'istio-injection': 'enabled' }),
      `annotate namespace foo ${MEMORY}={"istio-injection":"enabled","istio.io/rev":"${NEW_REVISION}"} --overwrite`,
    );
    assert.equal(remembered({ team: 'a' }), `annotate namespace foo ${MEMORY}={} --overwrite`);
  });

  it('does not overwrite what is remembered when the namespace points to the revision already', () => {
    assert.deepEqual(words({ labels: MOVED, annotations: { [MEMORY]: '{"istio-injection":"enabled"}' } }, MIGRATE), [
      `label namespace foo istio.io/rev=${NEW_REVISION} istio-injection- --overwrite`,
    ]);
  });

  it('restarts StatefulSets and DaemonSets as well, which the guide forgets', () => {
    const workloads = [workload('DaemonSet', 'agent'), workload('StatefulSet', 'db'), httpbin];
    assert.deepEqual(words({ workloads }, MIGRATE).slice(2), [
      'rollout restart deployment -n foo',
      'rollout restart statefulset -n foo',
      'rollout restart daemonset -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
      'rollout status statefulset/db -n foo --timeout=10m',
      'rollout status daemonset/agent -n foo --timeout=10m',
    ]);
  });

  it('names the workloads where one of the kind is paused, waits for deletion or would gain nothing', () => {
    const workloads = [
      httpbin,
      workload('Deployment', 'sleep'),
      workload('Deployment', 'held', { paused: true }),
      workload('StatefulSet', 'db'),
      workload('StatefulSet', 'plain', { templateLabels: { 'sidecar.istio.io/inject': 'false' } }),
      workload('StatefulSet', 'careful', { onDelete: true }),
      workload('DaemonSet', 'baked', { proxyInTemplate: true }),
    ];
    assert.deepEqual(words({ workloads }, MIGRATE).slice(2), [
      'rollout restart deployment/httpbin deployment/sleep -n foo',
      'rollout restart statefulset/db -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
      'rollout status deployment/sleep -n foo --timeout=10m',
      'rollout status statefulset/db -n foo --timeout=10m',
    ]);
  });

  it('restarts a StatefulSet that refuses sidecars now while its pods still have one', () => {
    const refusing = workload('StatefulSet', 'db', { templateAnnotations: { 'sidecar.istio.io/inject': 'false' } });
    const lines = words({ workloads: [refusing], pods: [podOf('StatefulSet', 'db', 'db-0')] }, MIGRATE);
    assert.ok(lines.includes('rollout restart statefulset -n foo'));
  });

  it('is undone by exactly what was there before', () => {
    const { undo } = planNamespaceStep(stepMesh({ workloads: [httpbin] }), TARGET, MIGRATE, TOOLS);
    assert.deepEqual(undo?.commands.map(({ argv }) => argv.slice(KUBECTL.length).join(' ')), [
      'label namespace foo istio.io/rev- istio-injection=enabled --overwrite',
      'rollout restart deployment -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
      `annotate namespace foo ${MEMORY}-`,
    ]);
  });
});

describe('rolling a namespace back', () => {
  const rolledBack = (memory: string, labels: StepMesh['labels'] = MOVED): string[] =>
    words({ labels, annotations: { [MEMORY]: memory }, workloads: [workload('Deployment', 'httpbin')] }, ROLL_BACK);

  it('returns to injection by label, and forgets at the very end', () => {
    assert.deepEqual(rolledBack('{"istio-injection":"enabled"}'), [
      'label namespace foo istio.io/rev- istio-injection=enabled --overwrite',
      'rollout restart deployment -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
      `annotate namespace foo ${MEMORY}-`,
    ]);
  });

  it('returns to a revision, to both labels, and to none', () => {
    assert.equal(rolledBack('{"istio.io/rev":"default"}')[0], 'label namespace foo istio.io/rev=default --overwrite');
    assert.equal(
      rolledBack('{"istio-injection":"enabled","istio.io/rev":"default"}')[0],
      'label namespace foo istio.io/rev=default istio-injection=enabled --overwrite',
    );
    assert.equal(rolledBack('{}')[0], 'label namespace foo istio.io/rev- --overwrite');
  });

  it('goes on where an earlier rollback stopped: the labels are back, the annotation is not gone', () => {
    assert.deepEqual(rolledBack('{"istio-injection":"enabled"}', { 'istio-injection': 'enabled' }), [
      'label namespace foo istio-injection=enabled --overwrite',
      'rollout restart deployment -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
      `annotate namespace foo ${MEMORY}-`,
    ]);
    assert.equal(rolledBack('{}', {})[0], 'rollout restart deployment -n foo');
  });

  it('returns to what was chosen where nothing is remembered', () => {
    const to = { injection: 'enabled', revision: undefined };
    assert.deepEqual(words({ labels: MOVED }, { id: 'roll-back-namespace', parameters: { to } }), [
      'label namespace foo istio.io/rev- istio-injection=enabled --overwrite',
    ]);
  });

  it('takes what cannot be read for nothing remembered', () => {
    const { findings } = planNamespaceStep(stepMesh({ labels: MOVED, annotations: { [MEMORY]: 'enabled' } }), TARGET, ROLL_BACK, TOOLS);
    assert.ok(findings.some(({ kind }) => kind === 'nothingRemembered'));
  });
});

describe('the other namespace steps', () => {
  it('restart without touching labels', () => {
    assert.deepEqual(words({ workloads: [workload('Deployment', 'httpbin')] }, RESTART), [
      'rollout restart deployment -n foo',
      'rollout status deployment/httpbin -n foo --timeout=10m',
    ]);
  });

  it('show labels, even of a cluster of which little is known', () => {
    const choice: NamespaceStepChoice = { id: 'show-labels', parameters: {} };
    const kinds: StepMesh['kinds'] = { pods: { state: 'loading' } };
    assert.deepEqual(words({ kinds }, choice), ['get namespace foo --show-labels', 'get pods -n foo -L istio.io/rev']);
    assert.deepEqual(planNamespaceStep(stepMesh({ kinds }), TARGET, choice, TOOLS).findings, []);
  });
});
