// What the guards of the namespace steps find, and what keeps a step from running.
import assert from 'node:assert/strict';
import type { Finding } from '../../../../src/domain/steps/finding.js';
import { findingMessage } from '../../../../src/domain/steps/finding.js';
import { guardOwnership } from '../../../../src/domain/steps/guards.js';
import type { NamespaceStepChoice } from '../../../../src/domain/steps/namespaceStep.js';
import { blockingFindings } from '../../../../src/domain/steps/namespaceStep.js';
import { planNamespaceStep } from '../../../../src/domain/steps/namespaceSteps.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { injector, NEW_REVISION, podOf, stepMesh, TARGET, workload } from '../../../support/stepMesh.js';
import { pod } from '../../../support/trustMesh.js';

const TOOLS = { kubectl: 'kubectl', rolloutTimeoutMinutes: 10 };
const MIGRATE: NamespaceStepChoice = { id: 'migrate-namespace', parameters: { revision: NEW_REVISION } };
const RESTART: NamespaceStepChoice = { id: 'restart-workloads', parameters: {} };
const ROLL_BACK: NamespaceStepChoice = { id: 'roll-back-namespace', parameters: { to: undefined } };
const SOMETHING = { workloads: [workload('Deployment', 'httpbin')] };

function findings(mesh: StepMesh, choice: NamespaceStepChoice = MIGRATE): readonly Finding[] {
  return planNamespaceStep(stepMesh({ ...SOMETHING, ...mesh }), TARGET, choice, TOOLS).findings;
}

function blocking(mesh: StepMesh, choice: NamespaceStepChoice = MIGRATE): string[] {
  return blockingFindings(planNamespaceStep(stepMesh({ ...SOMETHING, ...mesh }), TARGET, choice, TOOLS)).map(({ kind }) => kind);
}

describe('guards of the namespace steps', () => {
  it('find nothing in a namespace that can simply be moved', () => {
    assert.deepEqual(findings({}), []);
  });

  it('block what is not known: loading, stale, failed, not followed, not there', () => {
    const failure = { kind: 'forbidden', reason: 'no' } as const;
    assert.deepEqual(blocking({ kinds: { statefulsets: { state: 'loading' } } }), ['notLive']);
    assert.deepEqual(blocking({ kinds: { pods: { state: 'stale', since: 0, failure } } }), ['notLive']);
    assert.deepEqual(blocking({ kinds: { mutatingwebhookconfigurations: { state: 'failed', failure } } }), ['notLive']);
    assert.deepEqual(planNamespaceStep(undefined, TARGET, MIGRATE, TOOLS).findings, [{ kind: 'clusterNotFollowed' }]);
    assert.deepEqual(blocking({ name: 'other' }), ['namespaceMissing']);
    assert.deepEqual(blocking({ terminating: true }), ['namespaceTerminating']);
  });

  it('block a revision without an istiod, without a ready one, and one whose label leads elsewhere', () => {
    assert.deepEqual(blocking({ istiods: { default: 1 } }), ['revisionMissing']);
    assert.deepEqual(blocking({ istiods: { default: 1, [NEW_REVISION]: 0 } }), ['revisionNotReady']);
    assert.deepEqual(blocking({ injectors: [injector('default')] }), ['revisionNotInjecting']);
  });

  it('block the namespace of the control plane', () => {
    const target = { ...TARGET, namespace: 'istio-system' };
    const kinds = blockingFindings(planNamespaceStep(stepMesh(), target, RESTART, TOOLS)).map(({ kind }) => kind);
    assert.ok(kinds.includes('systemNamespace'));
  });

  it('block a rollback to nowhere: nothing remembered, no webhook, no ready istiod', () => {
    const labels = { 'istio.io/rev': NEW_REVISION };
    const memory = (text: string): Readonly<Record<string, string>> => ({ [`mesh-ca-migration/before.${NEW_REVISION}`]: text });
    assert.deepEqual(blocking({ labels }, ROLL_BACK), ['nothingRemembered']);
    assert.deepEqual(blocking({ labels, annotations: memory('{"istio.io/rev":"gone"}') }, ROLL_BACK), ['returnsToDangling']);
    const istiods = { [NEW_REVISION]: 1, default: 0 };
    assert.deepEqual(blocking({ labels, istiods, annotations: memory('{"istio-injection":"enabled"}') }, ROLL_BACK), ['revisionNotReady']);
    assert.deepEqual(blocking({ labels, annotations: memory('{"istio-injection":"enabled"}') }, ROLL_BACK), []);
  });

  it('block a restart of nothing, and only say so when a namespace without workloads is moved', () => {
    assert.deepEqual(blocking({ workloads: [] }, RESTART), ['nothingToRun']);
    assert.deepEqual(findings({ workloads: [] }), [{ kind: 'nothingToRestart' }]);
  });

  it('warn of both labels, of a label nobody answers, and of another tool that owns the namespace', () => {
    assert.deepEqual(findings({ labels: { 'istio-injection': 'enabled', 'istio.io/rev': 'default' } }), [{ kind: 'bothLabels' }]);
    assert.deepEqual(findings({ labels: { 'istio.io/rev': 'gone' } }), [{ kind: 'danglingLabel', label: 'gone' }]);
    assert.deepEqual(findings({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }), [
      { kind: 'gitOps', tool: 'Flux', mark: 'kustomize.toolkit.fluxcd.io/name' },
    ]);
    assert.deepEqual(findings({ labels: {}, annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }), [
      { kind: 'gitOps', tool: 'Argo CD', mark: 'argocd.argoproj.io/tracking-id' },
    ]);
  });

  it('know another tool by the manager of the labels, where it marks what it owns by a label that anybody may set', () => {
    const ownedBy = (...managers: readonly string[]): readonly Finding[] => guardOwnership({ name: 'foo', uid: 'u', labels: { 'app.kubernetes.io/instance': 'shop' }, annotations: {}, terminating: false, labelManagers: managers });
    assert.deepEqual(ownedBy('argocd-controller', 'kubectl-label'), [{ kind: 'gitOps', tool: 'Argo CD', mark: 'argocd-controller' }]);
    assert.deepEqual(ownedBy('kustomize-controller'), [{ kind: 'gitOps', tool: 'Flux', mark: 'kustomize-controller' }]);
    assert.deepEqual(ownedBy('kubectl-label', 'kubectl-client-side-apply'), []);
  });

  it('warn of workloads that go before they come, and of those that renew a part of their pods', () => {
    const workloads = [workload('Deployment', 'single', { recreates: true }), workload('Deployment', 'held', { recreates: true, paused: true }), workload('StatefulSet', 'db', { partition: 2 })];
    assert.deepEqual(findings({ workloads }).filter(({ kind }) => kind === 'recreated' || kind === 'partitioned'), [
      { kind: 'recreated', workloads: ['Deployment/single'] },
      { kind: 'partitioned', workloads: ['StatefulSet/db'] },
    ]);
  });

  it('name what a restart does not reach, and what it reaches beyond the guide', () => {
    const mesh: StepMesh = {
      workloads: [
        workload('Deployment', 'held', { paused: true }),
        workload('DaemonSet', 'careful', { onDelete: true }),
        workload('Deployment', 'baked', { proxyInTemplate: true }),
        workload('Deployment', 'pinned', { templateAnnotations: { 'sidecar.istio.io/proxyImage': 'mine' } }),
        workload('Deployment', 'plain', { templateLabels: { 'sidecar.istio.io/inject': 'false' } }),
        workload('StatefulSet', 'db'),
      ],
      pods: [
        pod('foo', 'bare'),
        podOf('Job', 'nightly', 'nightly-1'),
        podOf('Job', 'nightly', 'nightly-0', { phase: 'Succeeded', proxy: undefined }),
        podOf('Rollout', 'canary', 'canary-1'),
      ],
    };
    assert.deepEqual(findings(mesh), [
      { kind: 'paused', workloads: ['Deployment/held'] },
      { kind: 'onDelete', workloads: ['DaemonSet/careful'] },
      { kind: 'handInjected', workloads: ['Deployment/baked'] },
      { kind: 'pinnedProxyImage', workloads: ['Deployment/pinned'] },
      { kind: 'barePods', pods: ['bare'] },
      { kind: 'foreignPods', pods: ['canary-1'] },
      { kind: 'jobPods', pods: ['nightly-1'] },
      { kind: 'injectionRefused', workloads: ['Deployment/plain'] },
      { kind: 'beyondGuide', workloads: ['StatefulSet/db'] },
    ]);
  });

  it('can all be said, with nothing left unfilled', () => {
    const text = textRenderer('ko');
    for (const finding of findings({ kinds: { pods: { state: 'stale', since: 0, failure: { kind: 'cancelled' } } }, labels: { 'istio.io/rev': 'gone' } })) {
      assert.doesNotMatch(text(findingMessage(finding)), /[{}]/);
    }
  });
});
