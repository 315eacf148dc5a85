// `istioctl install` inside asmcli: one object after another, in istioctl's order, so that whatever breaks it off leaves half of it.
import { ISTIO_NAMESPACE } from '../../../shared/istioNames.js';
import { numberAt } from '../../api/json.js';
import type { KubeObject } from '../../kubeObject.js';
import { controlPlaneObjects } from '../../mesh/installation/istiodWorkload.js';
import { revisionSuffix } from '../../mesh/injector.js';
import { ingressGateway, rewrittenGateway } from '../../mesh/installation/ingressGateway.js';
import type { ControlPlaneSpec } from '../../mesh/installation/controlPlaneSpec.js';
import type { AsmcliRun } from './run.js';

/** Between two objects; asmcli as a whole takes minutes in life. */
const OBJECT_MS = 250;
const READY_POLL_MS = 500;
/** istioctl's own patience with a Deployment, and five minutes in life. */
const READY_POLLS = 600;
const FIELD_MANAGER = 'istio-operator';
const GATEWAY = 'istio-ingressgateway';
const GATEWAY_ADDRESS = '203.0.113.20';
/** istioctl takes revisions that are lower-case labels; asmcli's own test is laxer. */
const REVISION = /^[a-z]([-a-z0-9]*[a-z0-9])?$/u;

/** Where istioctl puts a kind (operator/pkg/object, DefaultObjectOrder): Services come last. */
function rank({ kind }: KubeObject): number {
  switch (kind) {
    case 'ServiceAccount':
      return 1;
    case 'ValidatingWebhookConfiguration':
      return 3;
    case 'ConfigMap':
      return 100;
    case 'HorizontalPodAutoscaler':
      return 1001;
    case 'Service':
      return 10_000;
    default:
      return 1000;
  }
}

function inOrder(objects: readonly { readonly object: KubeObject }[]): readonly KubeObject[] {
  return objects.map(({ object }) => object).sort((a, b) => rank(a) - rank(b));
}

/** Without what only a cluster writes. */
function desired(object: KubeObject): KubeObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => field !== 'status')) as KubeObject;
}

async function untilAvailable(run: AsmcliRun, namespace: string, name: string): Promise<void> {
  for (let polls = 0; polls < READY_POLLS; polls += 1) {
    const deployment = await run.cluster.get('Deployment', namespace, name);
    const wanted = numberAt(deployment, 1, 'spec', 'replicas');
    const isCurrent = numberAt(deployment, 0, 'status', 'observedGeneration') >= numberAt(deployment, 0, 'metadata', 'generation');
    if (isCurrent && numberAt(deployment, 0, 'status', 'availableReplicas') >= wanted) return;
    await run.pause(READY_POLL_MS);
  }
  throw new Error(`resources not ready after 5m0s: context deadline exceeded\n  Deployment/${namespace}/${name}`);
}

/** The control plane and, where asked for, the gateway, whose live Deployment is rewritten in place. Rejects with istioctl's reason. */
export async function installIstio(run: AsmcliRun, spec: ControlPlaneSpec, withGateway: boolean): Promise<void> {
  if (!REVISION.test(spec.revision)) throw new Error(`invalid revision specified: ${spec.revision}`);
  for (const object of inOrder(controlPlaneObjects(spec))) {
    await run.cluster.apply(desired(object), FIELD_MANAGER);
    await run.pause(OBJECT_MS);
  }
  await untilAvailable(run, ISTIO_NAMESPACE, `istiod${revisionSuffix(spec.revision)}`);
  if (withGateway) await installGateway(run, spec);
}

/** In place where there is one, whoever put it there. */
async function installGateway(run: AsmcliRun, spec: ControlPlaneSpec): Promise<void> {
  const { cluster } = run;
  const present = await cluster.get('Deployment', ISTIO_NAMESPACE, GATEWAY);
  if (present !== undefined) await cluster.replace(desired(rewrittenGateway(present, spec)));
  else {
    for (const object of inOrder(ingressGateway(spec, GATEWAY_ADDRESS))) {
      await cluster.apply(desired(object), FIELD_MANAGER);
      await run.pause(OBJECT_MS);
    }
  }
  await untilAvailable(run, ISTIO_NAMESPACE, GATEWAY);
}

const CONTROLLER = 'canonical-service-controller-manager';
const CONTROLLER_NAMESPACE = 'asm-system';

/** The controller of Google's console, in a namespace of its own and outside the mesh. */
export async function installCanonicalController(run: AsmcliRun): Promise<void> {
  const { cluster, say } = run;
  const labels = { 'control-plane': 'controller-manager' };
  const container = { name: 'manager', image: 'gcr.io/gke-release/asm/canonical-service-controller:1.10.3-asm.16' };
  const template = { metadata: { labels }, spec: { serviceAccountName: 'default', containers: [container] } };
  say.info('Installing ASM CanonicalService controller in asm-system namespace...');
  await run.does('kubectl apply -f asm/canonical-service/controller.yaml', async () => {
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: CONTROLLER_NAMESPACE, labels } }, 'kubectl');
    await cluster.apply(
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: CONTROLLER, namespace: CONTROLLER_NAMESPACE, labels },
        spec: { replicas: 1, selector: { matchLabels: labels }, template },
      },
      'kubectl',
    );
    say.info('Waiting for deployment...');
    await untilAvailable(run, CONTROLLER_NAMESPACE, CONTROLLER);
  });
  say.info('...done!');
}
