// Makes pods from templates the way workload controllers do: through admission, which may add a proxy or refuse.
import { applyDefaults } from '../api/defaults.js';
import type { ObjectStore, PodAdmission } from '../clusterBackend.js';
import type { KubeObject, StoredObject } from '../kubeObject.js';
import type { Pod, PodTemplate } from '../mesh/podTypes.js';
import { recordEvent } from './eventRecorder.js';

/** What a controller says about a new pod. */
export interface PodOrder {
  readonly owner: StoredObject;
  readonly template: PodTemplate;
  readonly name: string;
  readonly generateName?: string;
  /** Beside the template's own, such as `pod-template-hash`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Fields beside the template's own, such as the node of a DaemonSet's pod. */
  readonly spec?: Readonly<Record<string, unknown>>;
}

export interface PodFactory {
  /** The reason when admission refused the pod; undefined when it was made. */
  createPod(order: PodOrder): string | undefined;
}

function podFor({ owner, template, name, generateName, labels, spec }: PodOrder): Pod {
  const { apiVersion, kind, metadata } = owner;
  const controller = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(generateName === undefined ? {} : { generateName }),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: { ...template.metadata?.labels, ...labels },
      ...(template.metadata?.annotations === undefined ? {} : { annotations: { ...template.metadata.annotations } }),
      ownerReferences: [controller],
    },
    spec: { ...template.spec, ...spec },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
}

export function createPodFactory(store: ObjectStore, admitPod: PodAdmission, now: () => Date = () => new Date()): PodFactory {
  return {
    createPod(order) {
      const decision = admitPod(applyDefaults(podFor(order)));
      if ('refused' in decision) {
        const refusal = decision.forbidden === true ? decision.refused : `Internal error occurred: ${decision.refused}`;
        const component = `${order.owner.kind.toLowerCase()}-controller`;
        recordEvent(store, now(), { object: order.owner, type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${refusal}`, component });
        return refusal;
      }
      const admitted: KubeObject = decision.admitted;
      store.create('pods', admitted);
      return undefined;
    },
  };
}
