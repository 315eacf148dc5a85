// The preview and the report of rows of the procedure, as they are read.
import assert from 'node:assert/strict';
import { planStep } from '../../../../src/domain/procedure/planStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { previewQuestion, runChoice } from '../../../../src/ui/steps/procedureChoices.js';
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
    assert.match(preview, /^# Install control plane of phase 1 · cluster-1\n/u);
    assert.match(preview, /## What will run\n\n```sh\nasmcli install --fleet_id rehearsal-project /u);
    assert.match(preview, /## The guide's form, and why ours differs\n\n```sh\n\.\/asmcli install \\\n/u);
    assert.match(preview, /- The four certificate files are a root switch/u);
    assert.match(preview, new RegExp(`Context: ${CLUSTER.context}\nKubeconfig: ${CLUSTER.kubeconfig}`, 'u'));
    assert.match(preview, /--enable_all grants IAM roles/u);
    assert.deepEqual([...preview.matchAll(/^#+ (.*)/gmu)].map(([, heading]) => heading).slice(1), [
      'What will run', 'What it changes', 'Checked before', 'Checked afterwards, in the cluster', 'How it is undone', 'The guide\'s form, and why ours differs',
    ]);
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

  it('says before all else that a step is a point of no return, and what is deleted by kind and name', () => {
    const preview = shown(order('delete-old-istiod', 2));
    assert.match(preview, new RegExp(`^# .*\n\nContext: .*\nKubeconfig: .*\n\n\\*\\*⚠ Point of no return: without ${R1} this phase cannot be rolled back`, 'u'));
    assert.match(preview, new RegExp(`goes: Deployment istiod-${R1}, .*ConfigMap istio-${R1}, `, 'u'));
  });
});

describe('what is said beside the choices', () => {
  const baseline = planStep({ step: 'record-baseline', phase: 0, target: { scope: 'mesh' }, parameters: {} }, situation());
  const probe = planStep(order('probe-revision-1', 1), situation());

  it('speaks of no command lines where the extension does it itself', () => {
    assert.equal(runChoice([baseline], text).description, 'no command lines: the extension does it itself, on the whole mesh');
    assert.match(runChoice([probe], text).description, /^\d command lines on cluster-1$/u);
  });

  it('says after a dry run how that ended', () => {
    assert.equal(text(previewQuestion([probe], undefined)), 'Read the preview below, then choose. Nothing has run yet.');
    assert.equal(text(previewQuestion([probe], { outcome: { kind: 'ran' }, count: 1 })), 'Nothing was refused in the dry run, and nothing was changed in the cluster. Choose.');
    const failed = previewQuestion([probe], { outcome: { kind: 'failed', command: 0, exitCode: 1 }, count: 1 });
    assert.equal(text(failed), 'The dry run ended with an error, and nothing was changed in the cluster: command 1 of 1 ended with exit code 1. See the terminal.');
  });

  it('names the first of several in the way of which something is', () => {
    const blocked = planStep(order('delete-secrets', 3), situation());
    assert.equal(text(previewQuestion([probe, blocked], undefined)), 'Something is in the way of 1 step, first of Delete CA secrets · cluster-1. Judged again when its turn comes.');
  });
});

describe('the report', () => {
  const plan = planStep(order('show-revisions', 1), situation());

  it('is one sentence: verified, or what is open and how much more', () => {
    const verified = procedureReport([{ kind: 'verified', plan, evidence: [message('procedureChecks.survey.good', { proxies: 3, clusters: 1 })] }]);
    assert.equal(text(verified?.sentence ?? message('steps.state.notRun')), 'Show revisions · cluster-1: verified. 3 workloads in 1 cluster read; none is otherwise.');
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
