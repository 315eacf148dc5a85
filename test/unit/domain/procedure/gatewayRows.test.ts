// Gateways: the canary's manifest, the in-place upgrade, and deletion by name, each with the trap that it avoids.
import assert from 'node:assert/strict';
import { clusterKey } from '../../../../src/domain/cluster.js';
import { canaryManifest } from '../../../../src/domain/procedure/canaryManifest.js';
import { requestKey, DEPLOYMENTS } from '../../../../src/domain/procedure/inspection.js';
import type { WorkloadFacts } from '../../../../src/domain/mesh/facts.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { CLUSTER, podOf, workload } from '../../../support/stepMesh.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, gatewayTarget, kubectlLines, order, R1, R2, reasons, service, situation, verdictOf } from '../../../support/procedureMesh.js';

const NAME = 'istio-ingressgateway';
const LABELS = { app: NAME, istio: 'ingressgateway' };
const REQUEST = requestKey({ kind: 'object', cluster: CLUSTER, resource: DEPLOYMENTS, namespace: 'edge', name: NAME });

function live(annotations: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> = LABELS): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: NAME, namespace: 'edge', uid: 'u', resourceVersion: '7', labels: { ...labels, 'istio.io/rev': 'default' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, 'istio.io/rev': 'default', 'sidecar.istio.io/inject': 'false' }, annotations },
        spec: {
          serviceAccountName: 'gateway-account',
          volumes: [{ name: 'istio-envoy', emptyDir: {} }],
          containers: [{ name: 'istio-proxy', image: 'gcr.io/istio/proxyv2:1.16', args: ['proxy', 'router'], ports: [{ containerPort: 8443 }] }],
        },
      },
    },
  };
}

function gateway(changes: Partial<WorkloadFacts> = {}): WorkloadFacts {
  return workload('Deployment', NAME, { namespace: 'edge', desired: 2, ready: 2, labels: { ...LABELS }, templateLabels: { ...LABELS, 'istio.io/rev': R1 }, templateAnnotations: { 'inject.istio.io/templates': 'gateway' }, selector: { 'mesh-ca-migration/gateway': NAME }, ...changes });
}

function edge(facts: WorkloadFacts, more: ProcedureMesh & { readonly others?: readonly WorkloadFacts[] } = {}): MeshSituation {
  const pods = [facts, ...(more.others ?? [])].map((one) =>
    podOf('Deployment', one.name, `${one.name}-1`, { namespace: 'edge', labels: one.templateLabels, proxy: { role: 'router', native: false, image: 'p', revision: one.templateLabels['istio.io/rev'], state: 'running', ready: true, caAddress: undefined } }),
  );
  return situation({ services: [service('edge', 'ingress', LABELS)], ...more, mesh: { name: 'edge', labels: {}, workloads: [facts, ...(more.others ?? [])], pods, ...more.mesh } });
}

const OLD = gateway({ templateLabels: { ...LABELS, 'istio.io/rev': 'default' }, selector: LABELS });

describe('the manifest of a canary gateway', () => {
  it('has its own name, a constant selector without the revision, fixed replicas, and labels that the old Service selects', () => {
    const canary = canaryManifest({ live: live({ 'inject.istio.io/templates': 'gateway' }), revision: R1, replicas: 2 });
    const manifest = canary?.manifest as { metadata: { name: string; labels: object }; spec: { replicas: number; selector: { matchLabels: object }; template: { metadata: { labels: Record<string, string> } } } };
    assert.equal(manifest.metadata.name, `${NAME}-${R1}`);
    assert.deepEqual(manifest.spec.selector.matchLabels, { 'mesh-ca-migration/gateway': `${NAME}-${R1}` });
    assert.equal(manifest.spec.replicas, 2);
    assert.deepEqual(manifest.spec.template.metadata.labels, { ...LABELS, 'istio.io/rev': R1, 'mesh-ca-migration/gateway': `${NAME}-${R1}`, 'sidecar.istio.io/inject': 'true' });
    assert.ok(!('resourceVersion' in manifest.metadata) && !('uid' in manifest.metadata));
  });

  it('cuts a template that an installer wrote down to what the injector fills in', () => {
    const canary = canaryManifest({ live: live({ 'sidecar.istio.io/inject': 'false' }), revision: R1, replicas: 1 });
    const template = (canary?.manifest as { spec: { template: { metadata: { annotations: object }; spec: object } } }).spec.template;
    assert.deepEqual(template.metadata.annotations, { 'inject.istio.io/templates': 'gateway' });
    assert.deepEqual(template.spec, { serviceAccountName: 'gateway-account', containers: [{ name: 'istio-proxy', image: 'auto', ports: [{ containerPort: 8443 }] }] });
    assert.equal(canary?.wasRendered, true);
  });

  it('has a name that is never too long', () => {
    const canary = canaryManifest({ live: live({}), revision: 'r'.repeat(56), replicas: 1 });
    assert.equal(canary?.name, `${NAME}-canary`);
  });
});

describe('migrate-gateway', () => {
  const inspection = { [REQUEST]: { kind: 'object', json: live({ 'inject.istio.io/templates': 'gateway' }) } } as const;
  const target = order('migrate-gateway', 1, gatewayTarget('edge', NAME));

  it('applies the manifest from standard input and follows the rollout; the old gateway stays', () => {
    const plan = draft(target, edge(OLD, { inspection }));
    assert.deepEqual(kubectlLines(plan), ['apply -f -', `rollout status deployment/${NAME}-${R1} -n edge --timeout=10m`]);
    assert.equal((JSON.parse(plan.commands[0]?.stdin ?? '{}') as { kind?: string }).kind, 'Deployment');
    assert.deepEqual(kubectlLines({ commands: plan.dryRun }), ['apply --dry-run=server -f -']);
    assert.deepEqual(kubectlLines({ commands: plan.undo?.commands ?? [] }), [`delete deployment ${NAME}-${R1} -n edge --ignore-not-found=true`]);
    assert.deepEqual(blockers(plan), []);
  });

  it('refuses when the Service would not select the canary, or the namespace’s label would win over the pod’s', () => {
    const pinned = { ...LABELS, 'istio.io/rev': 'default' };
    const services = [service('edge', 'ingress', pinned)];
    assert.match(blockers(draft(target, edge(OLD, { inspection, services }))).join(), /would not select/u);
    assert.match(blockers(draft(target, edge(OLD, { inspection, mesh: { name: 'edge', labels: { 'istio.io/rev': 'default' } } }))).join(), /would be injected by: default/u);
    assert.match(blockers(draft(target, edge(OLD))).join(), /could not be read/u);
  });

  it('moves a gateway of the Gateway API by the label of its Gateway', () => {
    const made = gateway({ labels: { 'gateway.networking.k8s.io/gateway-name': 'web', 'istio.io/rev': 'default' } });
    assert.deepEqual(kubectlLines(draft(target, edge(made))), [
      `label gateways.gateway.networking.k8s.io web -n edge istio.io/rev=${R1} --overwrite`,
      `rollout status deployment/${NAME} -n edge --timeout=10m`,
    ]);
  });
});

describe('upgrade-gateway', () => {
  const target = order('upgrade-gateway', 2, gatewayTarget('edge', NAME));

  it('labels template and Deployment in one patch: with the template alone, the guide’s deletion by label would take the live gateway', () => {
    const plan = draft(target, edge(gateway()));
    const patch = `{"metadata":{"labels":{"istio.io/rev":"${R2}"}},"spec":{"template":{"metadata":{"labels":{"istio.io/rev":"${R2}"}}}}}`;
    assert.deepEqual(kubectlLines(plan), [`patch deployment ${NAME} -n edge --type=merge -p ${patch}`, `rollout status deployment/${NAME} -n edge --timeout=10m`]);
    assert.ok(reasons(plan).includes('doctor.gateway.templateOnly'));
    assert.equal(plan.guideForm?.commands, undefined);
    assert.match(kubectlLines({ commands: plan.undo?.commands ?? [] })[0] ?? '', new RegExp(`"istio.io/rev":"${R1}"`, 'u'));
    assert.deepEqual(blockers(plan), []);
  });

  it('refuses a selector with the revision in it, which the API server would refuse half way', () => {
    assert.match(blockers(draft(target, edge(gateway({ selector: { ...LABELS, 'istio.io/rev': R1 } })))).join(), /can never change/u);
  });

  it('is open while only the template carries the label', () => {
    const verdict = verdictOf(draft(target, edge(gateway())));
    const half = gateway({ generation: 2, observedGeneration: 2, desired: 1, templateLabels: { ...LABELS, 'istio.io/rev': R2 }, labels: { ...LABELS, 'istio.io/rev': R1 } });
    assert.equal(verdict(edge(half)), 'open');
    assert.equal(verdict(edge({ ...half, labels: { ...LABELS, 'istio.io/rev': R2 } })), 'verified');
  });
});

describe('delete-old-gateway', () => {
  const target = order('delete-old-gateway', 1, gatewayTarget('edge', NAME));
  const canary = gateway({ name: `${NAME}-${R1}`, templateLabels: { ...LABELS, 'istio.io/rev': R1 } });
  const scaling = {
    autoscalers: { state: 'listed', served: true, items: [{ namespace: 'edge', name: 'scaler', uid: 's', labels: {}, target: { kind: 'Deployment', name: NAME }, current: 1, maximum: 2 }] },
    disruptionBudgets: {
      state: 'listed',
      served: true,
      items: [
        { namespace: 'edge', name: 'own', uid: 'b', labels: {}, selector: [{ key: 'istio.io/rev', operator: 'In', values: ['default'] }], disruptionsAllowed: 1 },
        { namespace: 'edge', name: 'shared', uid: 'c', labels: {}, selector: [{ key: 'app', operator: 'In', values: [NAME] }], disruptionsAllowed: 1 },
      ],
    },
  } as const;

  it('deletes by name, with its autoscaler and its own budget, and keeps the budget that protects the canary too', () => {
    const plan = draft(target, edge(OLD, { others: [canary], objects: scaling }));
    assert.deepEqual(kubectlLines(plan), [
      'delete HorizontalPodAutoscaler scaler -n edge --ignore-not-found=true',
      'delete PodDisruptionBudget own -n edge --ignore-not-found=true',
      `delete Deployment ${NAME} -n edge --ignore-not-found=true`,
    ]);
    assert.equal(plan.confirmation?.typed, NAME);
    assert.deepEqual(blockers(plan), []);
  });

  it('refuses the Deployment that holds the last ready endpoint of a Service', () => {
    assert.match(blockers(draft(target, edge(OLD))).join(), /last ready endpoint of Service ingress/u);
  });

  it('waits for a failed test of the application to pass, and warns where nobody has tested', () => {
    const mesh = edge(OLD, { others: [canary] });
    const found = (...tests: readonly { readonly namespace: string; readonly revision: string; readonly passed: boolean }[]): readonly string[] => {
      const traces = new Map([[clusterKey(CLUSTER), { applicationTests: tests, installedStates: [] }]]);
      return draft(target, { ...mesh, traces }).findings.map(({ severity, message: { key } }) => `${severity} ${key}`).filter((finding) => /[tT]est/.test(finding));
    };
    assert.deepEqual(found({ namespace: 'foo', revision: R1, passed: true }), []);
    assert.deepEqual(found({ namespace: 'foo', revision: R1, passed: true }, { namespace: 'bar', revision: R1, passed: false }), ['blocks procedureChecks.gateway.testFailed']);
    assert.deepEqual(found({ namespace: 'foo', revision: 'default', passed: false }), ['warns procedureChecks.gateway.notTested'], 'of another revision it says nothing');
  });

  it('refuses the gateway that stays, although a selector of the guide’s would match it', () => {
    assert.match(blockers(draft(order('delete-old-gateway', 1, gatewayTarget('edge', canary.name)), edge(canary, { others: [OLD] }))).join(), /that stays/u);
  });

  it('shows the guide’s form of each starting point and never offers to run it', () => {
    const fromIstio = draft(target, edge(OLD, { others: [canary], mesh: { istiods: { default: 1, [R1]: 1 } } }));
    assert.deepEqual(fromIstio.guideForm?.lines, ['kubectl delete deploy/istio-ingressgateway -n istio-system']);
    const phase2 = draft(order('delete-old-gateway', 2, gatewayTarget('edge', NAME)), edge(OLD, { others: [canary] }));
    assert.deepEqual(phase2.guideForm?.lines, [`kubectl delete deploy -l app=istio-ingressgateway,istio.io/rev=${R1} -n istio-system --ignore-not-found=true`]);
    assert.equal(phase2.guideForm.commands, undefined);
  });

  it('rolled back: phase 1 deletes the canary and nothing else, phase 2 moves the gateway back in place', () => {
    const back = (phase: 1 | 2, name: string): ReturnType<typeof draft> => draft(order('roll-back-gateway', phase, gatewayTarget('edge', name)), edge(canary, { others: [OLD] }));
    assert.deepEqual(kubectlLines(back(1, canary.name)), [`delete Deployment ${canary.name} -n edge --ignore-not-found=true`]);
    assert.match(blockers(back(1, NAME)).join(), /not the canary/u);
    assert.match(kubectlLines(back(2, canary.name))[0] ?? '', new RegExp(`^patch deployment ${canary.name} .*"istio.io/rev":"${R1}"`, 'u'));
  });
});
