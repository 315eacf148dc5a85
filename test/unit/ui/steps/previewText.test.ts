// The preview says what will run, in full, and never hides what is in the way.
import assert from 'node:assert/strict';
import type { NamespaceStepChoice } from '../../../../src/domain/steps/namespaceStep.js';
import { planNamespaceStep } from '../../../../src/domain/steps/namespaceSteps.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { previewLines, previewText, previewTitle } from '../../../../src/ui/steps/previewText.js';
import type { StepMesh } from '../../../support/stepMesh.js';
import { NEW_REVISION, stepMesh, TARGET, workload } from '../../../support/stepMesh.js';

const TOOLS = { kubectl: 'kubectl', rolloutTimeoutMinutes: 10 };
const MIGRATE: NamespaceStepChoice = { id: 'migrate-namespace', parameters: { revision: NEW_REVISION } };
const english = textRenderer('en');
const AT = '--kubeconfig /home/me/.kube/config --context gke_rehearsal-project_us-central1_cluster-1';

const plan = (mesh: StepMesh) => planNamespaceStep(stepMesh(mesh), TARGET, MIGRATE, TOOLS);

describe('the preview of a step', () => {
  it('says everything in this order', () => {
    assert.equal(
      previewText([plan({ workloads: [workload('StatefulSet', 'db', { desired: 2 })] })], 'posix', english),
      `# Migrate foo to ${NEW_REVISION} · cluster-1

Context: gke_rehearsal-project_us-central1_cluster-1
Kubeconfig: /home/me/.kube/config

## What will run

\`\`\`sh
kubectl ${AT} annotate namespace foo 'mesh-ca-migration/before.${NEW_REVISION}={"istio-injection":"enabled"}' --overwrite
kubectl ${AT} label namespace foo istio.io/rev=${NEW_REVISION} istio-injection- --overwrite
kubectl ${AT} rollout restart statefulset -n foo
kubectl ${AT} rollout status statefulset/db -n foo --timeout=10m
\`\`\`

## What it changes

- Labels: istio-injection=enabled → istio.io/rev=${NEW_REVISION}
- The labels it had are remembered in the cluster, in annotation mesh-ca-migration/before.${NEW_REVISION}, before they change.
- From the moment of the label, any pod that starts here is injected by ${NEW_REVISION}, restarted or not.
- 1 workload restarts, 2 pods are replaced, as each workload's update strategy allows.

## Checked before

- ✓ The revision has a ready istiod, and its webhook would inject pods of this namespace.
- ✓ The labels that are there now were read and judged.
- ✓ Looked for Argo CD and Flux, which would put the labels back.
- ✓ Every workload and pod was looked at for what a restart does not reach.
- · The guide restarts Deployments only; restarted as well: StatefulSet/db. Otherwise their proxies would stay as they are.

## Checked afterwards, in the cluster

- The namespace has exactly these labels.
- Every restarted workload has finished its rollout.
- Every pod is younger than the restart and was injected by the revision that its labels lead to.

## How it is undone

Roll Back Namespace… on the namespace, from any machine; it runs:

\`\`\`sh
kubectl ${AT} label namespace foo istio.io/rev- istio-injection=enabled --overwrite
kubectl ${AT} rollout restart statefulset -n foo
kubectl ${AT} rollout status statefulset/db -n foo --timeout=10m
kubectl ${AT} annotate namespace foo mesh-ca-migration/before.${NEW_REVISION}-
\`\`\``,
    );
  });

  it('puts what is in the way first, claims no check, and gives no command line to run', () => {
    const blocked = plan({ istiods: { default: 1 } });
    const text = previewText([blocked], 'posix', english);
    assert.match(text, /^# .*\n\nContext: .*\nKubeconfig: .*\n\n## In the way\n\n- ✕ There is no istiod of revision/);
    assert.match(text, /## What would run/);
    assert.doesNotMatch(text, /✓/);
    assert.deepEqual(previewLines([blocked], 'posix'), []);
  });

  it('names the cluster in the title, and how many others there are', () => {
    assert.equal(english(previewTitle([plan({})])), `Migrate foo to ${NEW_REVISION} · cluster-1`);
    assert.equal(english(previewTitle([plan({}), plan({}), plan({})])), `Migrate foo to ${NEW_REVISION} · cluster-1 and 2 others`);
  });

  it('has no text outside the catalogues', () => {
    const pseudo = previewText([plan({ labels: { 'istio.io/rev': 'gone' }, workloads: [workload('Deployment', 'a')] })], 'posix', textRenderer('pseudo'));
    const bare = pseudo.replace(/```sh\n[\s\S]*?```/g, '').replace(/⟦[^\n]*⟧/g, '').replace(/[#✓⚠·-]/g, '');
    assert.equal(bare.trim(), '');
  });
});
