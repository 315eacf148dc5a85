// The preview and the report of rows of the procedure, as they are read.
import assert from 'node:assert/strict';
import { planStep } from '../../../../src/domain/procedure/planStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { procedureCommands, procedureText } from '../../../../src/ui/steps/procedurePreview.js';
import { ordersLeft, procedureDetails, procedureReport } from '../../../../src/ui/steps/procedureReport.js';
import { CLUSTER } from '../../../support/stepMesh.js';
import { order, R1, situation } from '../../../support/procedureMesh.js';

const text = textRenderer('en');

function shown(wanted: StepOrder, mesh = situation()): string {
  return procedureText([planStep(wanted, mesh)], 'posix', text);
}

describe('the preview of a row', () => {
  it('shows the guide’s form beside ours, and why', () => {
    const preview = shown(order('install-revision-1', 1), situation({ mesh: { istiods: { default: 1, [R1]: 1 } } }));
    assert.match(preview, /^# Install the control plane that distributes the Mesh CA root · cluster-1\n/u);
    assert.match(preview, /## What will run\n\n```sh\nasmcli install --fleet_id rehearsal-project /u);
    assert.match(preview, /## The guide's form, and why ours differs\n\n```sh\n\.\/asmcli install \\\n/u);
    assert.match(preview, /- The four certificate files are a root switch/u);
    assert.match(preview, new RegExp(`Context: ${CLUSTER.context}\nKubeconfig: ${CLUSTER.kubeconfig}`, 'u'));
    assert.match(preview, /--enable_all grants IAM roles/u);
  });

  it('shows each gate with what stands in the way, and lets nothing run', () => {
    const plan = planStep(order('delete-secrets', 3), situation());
    const preview = procedureText([plan], 'posix', text);
    assert.match(preview, /## In the way\n\n- ✕ Secret istio-ca-secret has no verified backup/u);
    assert.match(preview, /## Gates\n\n- [✕?] phase-3: /u);
    assert.match(preview, /## What would run/u);
    assert.deepEqual(procedureCommands([plan]), []);
  });

  it('shows what is fed to kubectl, legibly, and what is taken away in the end', () => {
    const preview = shown(order('probe-revision-1', 1));
    assert.match(preview, /## Fed to its standard input\n\n```json\n\{\n {2}"apiVersion": "v1",\n {2}"kind": "Namespace"/u);
    assert.match(preview, /## Taken away in the end, however it went\n\n```sh\nkubectl .* delete namespace mesh-ca-migration-probe/u);
    assert.match(preview, /## Done by the extension itself\n\n- Read the proxy of mesh-ca-migration-probe\/probe/u);
  });

  it('says before a point of no return that it is one', () => {
    assert.match(shown(order('delete-old-istiod', 2)), new RegExp(`\\*\\*Point of no return: without ${R1} this phase cannot be rolled back`, 'u'));
  });
});

describe('the report', () => {
  const plan = planStep(order('show-revisions', 1), situation());

  it('is one sentence: verified, or what is open and how much more', () => {
    const verified = procedureReport([{ kind: 'verified', plan, evidence: [message('procedureChecks.survey.good', { proxies: 3, clusters: 1 })] }]);
    assert.equal(text(verified?.sentence ?? message('steps.state.notRun')), 'Show the revisions of istiod and gateways · cluster-1: verified. 3 workloads in 1 cluster read; none is otherwise.');
    const items = ['a', 'b'].map((name) => message('procedureChecks.open.stillThere', { name }));
    const open = procedureReport([{ kind: 'notVerified', plan, verification: { kind: 'open', items, settles: false } }]);
    assert.ok(open?.isGood === false);
    assert.match(text(open.sentence), /the commands ran, but it is not verified: a is still there, and 1 more$/u);
    assert.match(procedureDetails([{ kind: 'notVerified', plan, verification: { kind: 'open', items, settles: false } }], text), /- b is still there/u);
  });

  it('is silent when nothing was wanted, and knows what is left to do', () => {
    assert.equal(procedureReport([{ kind: 'cancelled', plan }]), undefined);
    const results = [{ kind: 'shown', plan, evidence: [] }, { kind: 'notDone', plan, outcome: { kind: 'interrupted', signal: undefined } }] as const;
    assert.deepEqual(ordersLeft(results), [plan.order]);
    assert.match(text(procedureReport(results)?.sentence ?? message('steps.state.notRun')), /^1 of 2 steps done\. .* nobody knows how far it came/u);
  });
});
