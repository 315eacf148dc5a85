// What the real server fills in when an object is created: the defaults that kubectl's output and rollouts rely on.
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { KubeObject } from '../kubeObject.js';
import { fieldsAt, isObject, listAt, textAt } from './json.js';

type Fields = Record<string, unknown>;

/** Fields of `defaults` that are missing or undefined are taken over. */
function withDefaults(fields: Fields, defaults: Fields): Fields {
  const missing = Object.entries(defaults).filter(([field]) => fields[field] === undefined);
  return { ...fields, ...Object.fromEntries(missing) };
}

function containerDefaults(container: unknown): unknown {
  if (!isObject(container)) return container;
  const ports = listAt(container, 'ports').map((port) => (isObject(port) ? withDefaults(port, { protocol: 'TCP' }) : port));
  const image = textAt(container, 'image');
  const isLatest = image.endsWith(':latest') || !/:[^/]+$/u.test(image);
  return withDefaults(ports.length === 0 ? container : { ...container, ports }, {
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
}

function podSpecDefaults(spec: Fields): Fields {
  const containers = listAt(spec, 'containers').map(containerDefaults);
  return withDefaults(containers.length === 0 ? spec : { ...spec, containers }, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
}

function templateDefaults(spec: Fields): Fields {
  const template = fieldsAt(spec, 'template');
  return { ...spec, template: { ...template, spec: podSpecDefaults(fieldsAt(template, 'spec')) } };
}

function workloadDefaults(object: KubeObject, defaults: Fields): KubeObject {
  return { ...object, spec: withDefaults(templateDefaults(fieldsAt(object, 'spec')), defaults) };
}

/** An address out of GKE's usual range for services. */
function clusterAddress(): string {
  const number = randomBytes(2).readUInt16BE();
  return `10.8.${(number >> 8) & 15}.${(number & 255) % 254 || 1}`;
}

function serviceDefaults(object: KubeObject): KubeObject {
  const spec = fieldsAt(object, 'spec');
  const ports = listAt(spec, 'ports').map((port) =>
    isObject(port) ? withDefaults(port, { protocol: 'TCP', targetPort: port.port }) : port,
  );
  const type = textAt(spec, 'type') || 'ClusterIP';
  const clusterIP = textAt(spec, 'clusterIP') || clusterAddress();
  const families = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster' };
  const filled = withDefaults({ ...spec, ...(ports.length > 0 ? { ports } : {}) }, {
    type,
    sessionAffinity: 'None',
    ...(type === 'ExternalName' ? {} : { clusterIP, clusterIPs: [clusterIP], ...families }),
  });
  return { ...object, spec: filled, status: object.status ?? { loadBalancer: {} } };
}

function secretDefaults(object: KubeObject): KubeObject {
  const written = Object.entries(fieldsAt(object, 'stringData')).map(([key, value]) => {
    return [key, Buffer.from(String(value), 'utf8').toString('base64')] as const;
  });
  const { stringData, ...rest } = object;
  const data = stringData === undefined ? object.data : { ...fieldsAt(object, 'data'), ...Object.fromEntries(written) };
  return { ...rest, ...(data === undefined ? {} : { data }), type: object.type ?? 'Opaque' };
}

const ROLLING_UPDATE = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };

/** The object as it would be stored; kinds without defaults come back as they are. */
export function applyDefaults(object: KubeObject): KubeObject {
  switch (object.kind) {
    case 'Namespace': {
      const labels = { 'kubernetes.io/metadata.name': object.metadata.name, ...object.metadata.labels };
      return { ...object, metadata: { ...object.metadata, labels }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    }
    case 'Pod':
      return {
        ...object,
        spec: withDefaults(podSpecDefaults(fieldsAt(object, 'spec')), { serviceAccountName: 'default', enableServiceLinks: true }),
        status: object.status ?? { phase: 'Pending', qosClass: 'BestEffort' },
      };
    case 'Deployment':
      return workloadDefaults(object, { replicas: 1, strategy: ROLLING_UPDATE, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    case 'ReplicaSet':
      return workloadDefaults(object, { replicas: 1 });
    case 'StatefulSet':
      return workloadDefaults(object, {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      });
    case 'DaemonSet':
      return workloadDefaults(object, {
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      });
    case 'Service':
      return serviceDefaults(object);
    case 'Secret':
      return secretDefaults(object);
    default:
      return object;
  }
}
