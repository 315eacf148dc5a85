// The end of a phase: what is deleted, in which order, from both starting points, and what the guide's own lines would break.
import assert from 'node:assert/strict';
import type { WebhookConfigurationFacts } from '../../../../src/domain/mesh/gateObjects.js';
import { finalizationBack } from '../../../../src/domain/procedure/finalizeWebhook.js';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import { rollBackOrders } from '../../../../src/domain/procedure/rollBackCluster.js';
import { CLUSTER, injector } from '../../../support/stepMesh.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, kubectlLines, OLD_ASM, order, R1, R2, reasons, service, situation, verdictOf } from '../../../support/procedureMesh.js';

const FILE = '/srv/asm/cluster-1/asm/istio/istiod-service.yaml';
const KEPT = `/srv/own/undo/${CLUSTER.context}-service-istiod-before-${R1}.yaml`;
const FROM_ISTIO: ProcedureMesh = {};
const FROM_ASM: ProcedureMesh = {
  plan: { startingPoint: 'asm' },
  mesh: { istiods: { [OLD_ASM]: 1, [R1]: 1 }, injectors: [injector(OLD_ASM), injector(R1)] },
};

function manifest(revision: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: istiod\n  labels:\n    istio.io/rev: "${revision}"\n`;
}

function withFile(text: string, more: ProcedureMesh = {}): ProcedureMesh {
  return { ...more, inspection: { [`file ${FILE}`]: { kind: 'file', text }, [`path ${KEPT}`]: { kind: 'absent' }, ...more.inspection } };
}

function webhook(name: string, revision: string): WebhookConfigurationFacts {
  return { namespace: '', name, uid: name, labels: {}, annotations: {}, revision, tag: undefined, webhooks: [] };
}

describe('finalize-webhook', () => {
  it('applies the file that asmcli wrote, by its absolute path', () => {
    const plan = draft(order('finalize-webhook', 1), situation(withFile(manifest(R1), FROM_ASM)));
    assert.deepEqual(kubectlLines(plan), [`apply -f ${FILE}`]);
    assert.deepEqual(blockers(plan), []);
  });

  it('from Istio: keeps the old Service, and takes `istio: pilot` out of its selector, which would leave it without an endpoint', () => {
    const services = [service('istio-system', 'istiod', { app: 'istiod', istio: 'pilot' })];
    const plan = draft(order('finalize-webhook', 1), situation(withFile(manifest(R1), { services })));
    assert.deepEqual(kubectlLines(plan), [
      'get service istiod -n istio-system -o yaml',
      `patch service istiod -n istio-system --type=merge -p {"spec":{"selector":{"istio":null,"app":"istiod","istio.io/rev":"${R1}"}}}`,
      `apply -f ${FILE}`,
    ]);
    assert.equal(plan.commands[0]?.stdoutFile, KEPT);
    assert.equal(plan.guideForm?.commands, undefined, 'the guide’s form leaves the Service without endpoints');
    assert.ok(reasons(plan).includes('doctor.finalize.selector'));
    assert.deepEqual(kubectlLines({ commands: plan.undo?.commands ?? [] }), ['patch service istiod -n istio-system --type=merge -p {"spec":{"selector":{"istio.io/rev":null,"app":"istiod","istio":"pilot"}}}']);
  });

  it('keeps what was there first: a file of an earlier try is not written again', () => {
    const services = [service('istio-system', 'istiod', { app: 'istiod', istio: 'pilot' })];
    const present = { [`path ${KEPT}`]: { kind: 'present', where: KEPT } } as const;
    const plan = draft(order('finalize-webhook', 1), situation(withFile(manifest(R1), { services, inspection: present })));
    assert.equal(plan.commands.filter(({ stdoutFile }) => stdoutFile !== undefined).length, 0);
  });

  it('refuses a file that is missing, not filled in, or of another revision', () => {
    const refused = (mesh: ProcedureMesh): string => blockers(draft(order('finalize-webhook', 1), situation(mesh))).join();
    assert.match(refused({}), /is not there/u);
    assert.match(refused(withFile(manifest('ASM_REV'))), /ASM_REV/u);
    assert.match(refused(withFile(manifest(R2))), /is not of asm-1232-2-distribute-root/u);
    assert.match(refused(withFile(manifest(`${R1}-2`))), /is not of/u);
  });

  it('is verified by whose pods stand behind the Service', () => {
    const verdict = verdictOf(draft(order('finalize-webhook', 1), situation(withFile(manifest(R1)))));
    assert.equal(verdict(situation({ facts: { istiodService: undefined } })), 'open');
    assert.equal(verdict(situation({ facts: { istiodService: 'default' } })), 'open');
    assert.equal(verdict(situation({ facts: { istiodService: R1 } })), 'verified');
  });
});

describe('finalize-webhook, taken back', () => {
  const back = finalizationBack(1, CLUSTER);
  const now = [service('istio-system', 'istiod', { app: 'istiod', 'istio.io/rev': R1 })];
  const both = { istiods: { default: 1, [R1]: 1 }, injectors: [injector('default'), injector(R1)] };
  const kept = (selector: string): ProcedureMesh => ({
    mesh: both, services: now,
    inspection: { [`file ${KEPT}`]: { kind: 'file', text: `apiVersion: v1\nkind: Service\nmetadata:\n  name: istiod\nspec:\n  selector:\n${selector}  type: ClusterIP\n` } },
  });

  it('gives the Service the selector that was kept, in one patch, where it leads to the old istiod and to no other', () => {
    const plan = draft(back, situation(kept("    app: istiod\n    istio.io/rev: 'default'\n")));
    assert.deepEqual(kubectlLines(plan), ['patch service istiod -n istio-system --type=merge -p {"spec":{"selector":{"app":"istiod","istio.io/rev":"default"}}}']);
    assert.deepEqual(blockers(plan), []);
    const verdict = verdictOf(plan);
    assert.equal(verdict(situation({ facts: { istiodService: R1 } })), 'open');
    assert.equal(verdict(situation({ facts: { istiodService: 'default' } })), 'verified');
    assert.deepEqual(kubectlLines({ commands: plan.undo?.commands ?? [] }), [`patch service istiod -n istio-system --type=merge -p {"spec":{"selector":{"app":"istiod","istio.io/rev":"${R1}"}}}`]);
  });

  it('goes by the labels of the old istiod’s pods where nothing was kept on this machine, or what was kept leads to others as well', () => {
    const byPods = ['patch service istiod -n istio-system --type=merge -p {"spec":{"selector":{"app":"istiod","istio.io/rev":"default"}}}'];
    assert.deepEqual(kubectlLines(draft(back, situation({ mesh: both, services: now }))), byPods);
    assert.deepEqual(kubectlLines(draft(back, situation(kept('    app: istiod\n')))), byPods);
    assert.match(blockers(draft(back, situation({ mesh: { istiods: { [R1]: 1 } }, services: now }))).join(), /cannot be told what Service istiod has to select/u);
  });

  it('comes first in the rollback of a phase, because revision default injects through that Service, and asks whether the old istiod is ready', () => {
    const orders = rollBackOrders(1, [CLUSTER], situation({ mesh: { ...both, labels: { 'istio.io/rev': R1 } }, services: now, facts: { istiodService: R1 } }));
    assert.deepEqual(orders.map(({ step, parameters }) => [step, parameters.direction]), [['finalize-webhook', 'back'], ['roll-back-namespace', undefined], ['roll-back-cluster', undefined]]);
    const mesh = situation({ mesh: both, services: now });
    assert.deepEqual(PROCEDURE['finalize-webhook'].gates(back, mesh), [{ gate: 'finish', about: { goes: 'istiodService', revision: R1, successor: 'default' } }]);
  });
});

describe('delete-old-istiod', () => {
  const validating = { state: 'listed', served: true, items: [webhook('istio-validator-istio-system', 'default'), webhook(`istio-validator-${OLD_ASM}`, OLD_ASM)] } as const;

  it('from Istio: webhooks, config maps, then the rest, and never Service istiod, which is the new one by now', () => {
    const plan = draft(order('delete-old-istiod', 1), situation({ ...FROM_ISTIO, mesh: { istiods: { default: 1, [R1]: 1 }, injectors: [injector('default'), injector(R1)] }, objects: { validatingWebhooks: validating }, facts: { istiodService: R1 } }));
    assert.deepEqual(kubectlLines(plan), [
      'delete MutatingWebhookConfiguration istio-sidecar-injector-default --ignore-not-found=true',
      'delete ValidatingWebhookConfiguration istio-validator-istio-system --ignore-not-found=true',
      'delete ConfigMap istio istio-sidecar-injector -n istio-system --ignore-not-found=true',
      'delete HorizontalPodAutoscaler,PodDisruptionBudget,Deployment istiod -n istio-system --ignore-not-found=true',
    ]);
    assert.deepEqual(plan.guideForm?.lines, ['kubectl delete Service,Deployment,HorizontalPodAutoscaler,PodDisruptionBudget istiod -n istio-system --ignore-not-found=true']);
    assert.equal(plan.guideForm.commands, undefined);
    assert.ok(reasons(plan).includes('doctor.deleteIstiod.service'));
    assert.equal(plan.confirmation?.typed, 'istiod');
    assert.notEqual(plan.confirmation.irreversible, undefined);
    assert.deepEqual(blockers(plan), []);
  });

  it('from Anthos Service Mesh: the Service goes last', () => {
    const plan = draft(order('delete-old-istiod', 1), situation({ ...FROM_ASM, objects: { validatingWebhooks: validating }, facts: { istiodService: R1 } }));
    assert.deepEqual(kubectlLines(plan), [
      `delete MutatingWebhookConfiguration istio-sidecar-injector-${OLD_ASM} --ignore-not-found=true`,
      `delete ValidatingWebhookConfiguration istio-validator-${OLD_ASM} --ignore-not-found=true`,
      `delete ConfigMap istio-${OLD_ASM} istio-sidecar-injector-${OLD_ASM} -n istio-system --ignore-not-found=true`,
      `delete HorizontalPodAutoscaler,PodDisruptionBudget,Deployment istiod-${OLD_ASM} -n istio-system --ignore-not-found=true`,
      `delete Service istiod-${OLD_ASM} -n istio-system --ignore-not-found=true`,
    ]);
    assert.equal(plan.confirmation?.typed, `istiod-${OLD_ASM}`);
  });

  it('phase 2 deletes REVISION_1, whatever the starting point was', () => {
    const lines = kubectlLines(draft(order('delete-old-istiod', 2), situation()));
    assert.equal(lines.at(-1), `delete Service istiod-${R1} -n istio-system --ignore-not-found=true`);
  });

  it('refuses while Service istiod still leads to what goes, and when webhooks are not known', () => {
    const refused = (mesh: ProcedureMesh): string => blockers(draft(order('delete-old-istiod', 1), situation(mesh))).join();
    const mesh: ProcedureMesh = { mesh: { istiods: { default: 1, [R1]: 1 }, injectors: [injector('default'), injector(R1)] } };
    assert.match(refused({ ...mesh, facts: { istiodService: 'default' } }), /still leads to default/u);
    assert.match(refused({ ...mesh, objects: { validatingWebhooks: { state: 'unread', failure: undefined } } }), /could not be listed/u);
  });

  it('cannot tell which is old among several, and then asks rather than guesses', () => {
    const mesh = situation({ mesh: { istiods: { default: 1, other: 1, [R1]: 1 }, injectors: [injector(R1)] } });
    assert.match(blockers(draft(order('delete-old-istiod', 1), mesh)).join(), /cannot be told/u);
    const told = draft(order('delete-old-istiod', 1, undefined, { revision: 'other' }), mesh);
    assert.equal(told.confirmation?.typed, 'istiod-other');
    assert.match(blockers(draft(order('delete-old-istiod', 1, undefined, { revision: R1 }), mesh)).join(), /that stays/u);
  });

  it('is open as long as the Deployment, a webhook of it, or a webhook without an endpoint is there', () => {
    const mesh: ProcedureMesh = { mesh: { istiods: { default: 1, [R1]: 1 }, injectors: [injector('default'), injector(R1)] } };
    const verdict = verdictOf(draft(order('delete-old-istiod', 1), situation(mesh)));
    const gone: ProcedureMesh = { mesh: { istiods: { [R1]: 1 }, injectors: [injector(R1)] } };
    assert.equal(verdict(situation(mesh)), 'open');
    assert.equal(verdict(situation({ ...gone, mesh: { ...gone.mesh, injectors: [injector('default')] } })), 'open');
    const dangling = { name: 'w', kind: 'mutating', revision: R1, tag: undefined, service: 'istio-system/istiod', canMatch: true, endpointReady: false } as const;
    assert.equal(verdict(situation({ ...gone, facts: { webhooks: [dangling] } })), 'open');
    assert.equal(verdict(situation(gone)), 'verified');
  });
});

describe('delete-old-operator', () => {
  const operator = (name: string) => ({ namespace: 'istio-system', name, uid: name, labels: {} });

  it('names the record of revision default without a revision, which the guide gets wrong', () => {
    const mesh = { mesh: { istiods: { default: 1, [R1]: 1 }, injectors: [injector('default')] }, objects: { istioOperators: { state: 'listed', served: true, items: [operator('installed-state')] } } } as const;
    const plan = draft(order('delete-old-operator', 1), situation(mesh));
    assert.deepEqual(kubectlLines(plan), ['delete istiooperators.install.istio.io installed-state -n istio-system --ignore-not-found=true']);
    assert.equal(plan.confirmation?.typed, 'installed-state');
    assert.deepEqual(plan.guideForm?.lines, ['kubectl delete IstioOperator installed-state-default -n istio-system']);
  });

  it('finds the old revision by its record when its control plane is gone already', () => {
    const mesh = { plan: { startingPoint: 'asm' }, mesh: { istiods: { [R1]: 1 }, injectors: [injector(R1)] }, objects: { istioOperators: { state: 'listed', served: true, items: [operator(`installed-state-${OLD_ASM}`)] } } } as const;
    assert.deepEqual(kubectlLines(draft(order('delete-old-operator', 1), situation(mesh))), [`delete istiooperators.install.istio.io installed-state-${OLD_ASM} -n istio-system --ignore-not-found=true`]);
  });

  it('is skipped, saying so, where the kind is not served, and is verified as it stands', () => {
    const mesh = { objects: { istioOperators: { state: 'listed', served: false, items: [] } } } as const;
    const plan = draft(order('delete-old-operator', 2), situation(mesh));
    assert.deepEqual(plan.commands, []);
    assert.ok(plan.findings.some((finding) => finding.message.key === 'procedureChecks.operator.notServed'));
    assert.equal(verdictOf(plan)(situation(mesh)), 'verified');
  });
});

describe('roll-back-cluster', () => {
  it('deletes what the phase installed, webhooks first and the Service last, with its record', () => {
    for (const [phase, revision] of [[1, R1], [2, R2]] as const) {
      const lines = kubectlLines(draft(order('roll-back-cluster', phase), situation()));
      assert.match(lines[0] ?? '', /^delete MutatingWebhookConfiguration/u);
      assert.deepEqual(lines.slice(-2), [
        `delete Service istiod-${revision} -n istio-system --ignore-not-found=true`,
        `delete istiooperators.install.istio.io installed-state-${revision} -n istio-system --ignore-not-found=true`,
      ]);
    }
  });

  it('asks the lock of its phase, and whether anything still refers to what goes', async () => {
    const { PROCEDURE } = await import('../../../../src/domain/procedure/procedure.js');
    const gates = (phase: 1 | 2): readonly string[] => PROCEDURE['roll-back-cluster'].gates(order('roll-back-cluster', phase), situation()).map(({ gate }) => gate);
    assert.deepEqual(gates(1), ['rollback-1', 'finish']);
    assert.deepEqual(gates(2), ['rollback-2', 'finish']);
  });
});
