// Columns and cells of `kubectl get`, per kind, as the real server's printers give them (kubernetes/pkg/printers/internalversion).
import type { StoredObject } from '../kubeObject.js';
import { formatAge, formatDuration } from './age.js';
import { fieldsAt, listAt, numberAt, textAt } from './json.js';
import { formatLabelSelector } from './labelSelector.js';
import { podCells } from './podCells.js';
import { externalAddress, portList } from './serviceCells.js';

export type Cell = string | number | boolean;

export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean';
  readonly format: string;
  readonly description: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority: 0 | 1;
}

/** How objects of one kind become rows. */
export interface Printer {
  readonly columns: readonly Column[];
  cells(object: StoredObject, now: Date): readonly Cell[];
}

const NONE = '<none>';

/** `Name` is a plain column; `Name#` an integer; `Name+` is shown only in wide output. */
function column(text: string): Column {
  const name = text.replace(/[#+]+$/u, '');
  const isInteger = text.includes('#');
  return {
    name,
    type: isInteger ? 'integer' : 'string',
    format: isInteger ? 'int32' : name === 'Name' ? 'name' : '',
    description: '',
    priority: text.endsWith('+') ? 1 : 0,
  };
}

function printer(columns: string, cells: Printer['cells']): Printer {
  return { columns: columns.split('|').map(column), cells };
}

const age = (object: StoredObject, now: Date): string => formatAge(object.metadata.creationTimestamp, now);
const name = (object: StoredObject): string => object.metadata.name;
const orNone = (text: string): string => (text === '' ? NONE : text);
const joined = (values: readonly unknown[]): string => orNone(values.map(String).join(','));

function containersOf(object: StoredObject): readonly [string, string] {
  const containers = listAt(object, 'spec', 'template', 'spec', 'containers');
  const all = (field: string): string => containers.map((container) => textAt(container, field)).join(',');
  return [all('name'), all('image')];
}

const selectorOf = (object: StoredObject): string => orNone(formatLabelSelector(fieldsAt(object, 'spec', 'selector', 'matchLabels')));
const dataCount = (object: StoredObject): number =>
  Object.keys(fieldsAt(object, 'data')).length + Object.keys(fieldsAt(object, 'binaryData')).length;
const status = (object: StoredObject, field: string): number => numberAt(object, 0, 'status', field);

function nodeCells(object: StoredObject, now: Date): readonly Cell[] {
  const ready = listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  const scheduling = textAt(object, 'spec', 'unschedulable') === 'true' ? ',SchedulingDisabled' : '';
  const address = (type: string): string =>
    orNone(textAt(listAt(object, 'status', 'addresses').find((entry) => textAt(entry, 'type') === type), 'address'));
  const info = (field: string): string => {
    const text = textAt(object, 'status', 'nodeInfo', field);
    return text === '' ? '<unknown>' : text;
  };
  const roles = Object.keys(object.metadata.labels ?? {})
    .filter((label) => label.startsWith('node-role.kubernetes.io/'))
    .map((label) => label.slice('node-role.kubernetes.io/'.length));
  const readiness = ready === undefined ? 'Unknown' : textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return [
    name(object), readiness + scheduling, joined(roles), age(object, now), textAt(object, 'status', 'nodeInfo', 'kubeletVersion'),
    address('InternalIP'), address('ExternalIP'), info('osImage'), info('kernelVersion'), info('containerRuntimeVersion'),
  ];
}

function eventCells(object: StoredObject, now: Date): readonly Cell[] {
  const at = (field: string): string => {
    const text = textAt(object, field);
    return text === '' ? object.metadata.creationTimestamp : text;
  };
  const involved = `${textAt(object, 'involvedObject', 'kind').toLowerCase()}/${textAt(object, 'involvedObject', 'name')}`;
  return [
    formatAge(at('lastTimestamp'), now), textAt(object, 'type'), textAt(object, 'reason'), involved,
    textAt(object, 'involvedObject', 'fieldPath'), textAt(object, 'source', 'component'), textAt(object, 'message').trim(),
    formatAge(at('firstTimestamp'), now), numberAt(object, 1, 'count'), name(object),
  ];
}

function autoscalerCells(object: StoredObject, now: Date): readonly Cell[] {
  const target = `${textAt(object, 'spec', 'scaleTargetRef', 'kind')}/${textAt(object, 'spec', 'scaleTargetRef', 'name')}`;
  const targets = listAt(object, 'spec', 'metrics').map((metric) => {
    const wanted = numberAt(metric, 0, 'resource', 'target', 'averageUtilization');
    return `${textAt(metric, 'resource', 'name')}: <unknown>/${wanted}%`;
  });
  const minimum = numberAt(object, 1, 'spec', 'minReplicas');
  const maximum = numberAt(object, 0, 'spec', 'maxReplicas');
  return [name(object), target, orNone(targets.join(', ')), minimum, maximum, status(object, 'currentReplicas'), age(object, now)];
}

function jobCells(object: StoredObject, now: Date): readonly Cell[] {
  const succeeded = status(object, 'succeeded');
  const start = textAt(object, 'status', 'startTime');
  const end = textAt(object, 'status', 'completionTime');
  const until = end === '' ? now.getTime() : Date.parse(end);
  const duration = start === '' ? '' : formatDuration(until - Date.parse(start));
  const state = end === '' ? 'Running' : 'Complete';
  return [name(object), state, `${succeeded}/${numberAt(object, 1, 'spec', 'completions')}`, duration, age(object, now)];
}

function serviceCells(object: StoredObject, now: Date): readonly Cell[] {
  const type = textAt(object, 'spec', 'type');
  const selector = orNone(formatLabelSelector(fieldsAt(object, 'spec', 'selector')));
  const address = orNone(textAt(object, 'spec', 'clusterIP'));
  return [name(object), type, address, externalAddress(object), portList(object), age(object, now), selector];
}

function endpointsOf(object: StoredObject): string {
  const addresses = listAt(object, 'subsets').flatMap((subset) => {
    const ports = listAt(subset, 'ports').map((port) => numberAt(port, 0, 'port'));
    return listAt(subset, 'addresses').flatMap((address) => ports.map((port) => `${textAt(address, 'ip')}:${port}`));
  });
  const more = addresses.length > 3 ? ` + ${addresses.length - 3} more...` : '';
  return orNone(addresses.slice(0, 3).join(',') + more);
}

/** A custom resource's `additionalPrinterColumns`: a column, and the path of what stands in it. */
function custom(columns: readonly (readonly [string, string])[]): Printer {
  const titles = ['Name', ...columns.map(([title]) => title), 'Age'].join('|');
  return printer(titles, (object, now) => [
    name(object),
    ...columns.map(([, path]) => {
      const list = listAt(object, ...path.split('.'));
      return list.length > 0 ? JSON.stringify(list) : textAt(object, ...path.split('.'));
    }),
    age(object, now),
  ]);
}

const named = printer('Name|Age', (object, now) => [name(object), age(object, now)]);
const webhooks = printer('Name|Webhooks#|Age', (object, now) => [name(object), listAt(object, 'webhooks').length, age(object, now)]);

const PRINTERS: Readonly<Record<string, Printer>> = {
  Namespace: printer('Name|Status|Age', (o, now) => [name(o), textAt(o, 'status', 'phase'), age(o, now)]),
  Pod: printer('Name|Ready|Status|Restarts|Age|IP+|Node+|Nominated Node+|Readiness Gates+', podCells),
  Deployment: printer('Name|Ready|Up-to-date#|Available#|Age|Containers+|Images+|Selector+', (o, now) => {
    const ready = `${status(o, 'readyReplicas')}/${numberAt(o, 1, 'spec', 'replicas')}`;
    return [name(o), ready, status(o, 'updatedReplicas'), status(o, 'availableReplicas'), age(o, now), ...containersOf(o), selectorOf(o)];
  }),
  ReplicaSet: printer('Name|Desired#|Current#|Ready#|Age|Containers+|Images+|Selector+', (o, now) => {
    const desired = numberAt(o, 1, 'spec', 'replicas');
    return [name(o), desired, status(o, 'replicas'), status(o, 'readyReplicas'), age(o, now), ...containersOf(o), selectorOf(o)];
  }),
  StatefulSet: printer('Name|Ready|Age|Containers+|Images+', (o, now) => {
    const ready = `${status(o, 'readyReplicas')}/${numberAt(o, 1, 'spec', 'replicas')}`;
    return [name(o), ready, age(o, now), ...containersOf(o)];
  }),
  DaemonSet: printer('Name|Desired#|Current#|Ready#|Up-to-date#|Available#|Node Selector|Age|Containers+|Images+|Selector+', (o, now) => {
    const counts = ['desiredNumberScheduled', 'currentNumberScheduled', 'numberReady', 'updatedNumberScheduled', 'numberAvailable'];
    const nodes = orNone(formatLabelSelector(fieldsAt(o, 'spec', 'template', 'spec', 'nodeSelector')));
    return [name(o), ...counts.map((field) => status(o, field)), nodes, age(o, now), ...containersOf(o), selectorOf(o)];
  }),
  Service: printer('Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector+', serviceCells),
  ConfigMap: printer('Name|Data#|Age', (o, now) => [name(o), dataCount(o), age(o, now)]),
  Secret: printer('Name|Type|Data#|Age', (o, now) => [name(o), textAt(o, 'type'), dataCount(o), age(o, now)]),
  ServiceAccount: printer('Name|Secrets#|Age', (o, now) => [name(o), listAt(o, 'secrets').length, age(o, now)]),
  Node: printer('Name|Status|Roles|Age|Version|Internal-IP+|External-IP+|OS-Image+|Kernel-Version+|Container-Runtime+', nodeCells),
  Event: printer('Last Seen|Type|Reason|Object|Subobject+|Source+|Message|First Seen+|Count#+|Name+', eventCells),
  Endpoints: printer('Name|Endpoints|Age', (o, now) => [name(o), endpointsOf(o), age(o, now)]),
  HorizontalPodAutoscaler: printer('Name|Reference|Targets|MinPods|MaxPods#|Replicas#|Age', autoscalerCells),
  PodDisruptionBudget: printer('Name|Min Available|Max Unavailable|Allowed Disruptions#|Age', (o, now) => {
    const limit = (field: string): string => textAt(o, 'spec', field) || 'N/A';
    return [name(o), limit('minAvailable'), limit('maxUnavailable'), status(o, 'disruptionsAllowed'), age(o, now)];
  }),
  Job: printer('Name|Status|Completions|Duration|Age', jobCells),
  CronJob: printer('Name|Schedule|Timezone|Suspend|Active#|Last Schedule|Age', (o, now) => {
    const last = textAt(o, 'status', 'lastScheduleTime');
    const zone = orNone(textAt(o, 'spec', 'timeZone'));
    const suspend = textAt(o, 'spec', 'suspend') === 'true' ? 'True' : 'False';
    const active = listAt(o, 'status', 'active').length;
    return [name(o), textAt(o, 'spec', 'schedule'), zone, suspend, active, last === '' ? NONE : formatAge(last, now), age(o, now)];
  }),
  Lease: printer('Name|Holder|Age', (o, now) => [name(o), textAt(o, 'spec', 'holderIdentity'), age(o, now)]),
  EndpointSlice: printer('Name|AddressType|Ports|Endpoints|Age', (o, now) => {
    const ports = joined(listAt(o, 'ports').map((port) => numberAt(port, 0, 'port')));
    const endpoints = joined(listAt(o, 'endpoints').flatMap((endpoint) => listAt(endpoint, 'addresses')));
    return [name(o), textAt(o, 'addressType'), ports, endpoints, age(o, now)];
  }),
  MutatingWebhookConfiguration: webhooks,
  ValidatingWebhookConfiguration: webhooks,
  IstioOperator: custom([['Revision', 'spec.revision'], ['Status', 'status.status']]),
  AuthorizationPolicy: custom([['Action', 'spec.action']]),
  PeerAuthentication: custom([['Mode', 'spec.mtls.mode']]),
  VirtualService: custom([['Gateways', 'spec.gateways'], ['Hosts', 'spec.hosts']]),
  DestinationRule: custom([['Host', 'spec.host']]),
  ServiceEntry: custom([['Hosts', 'spec.hosts'], ['Location', 'spec.location'], ['Resolution', 'spec.resolution']]),
  EnvoyFilter: named,
  Gateway: named,
  ProxyConfig: named,
};

const GENERIC: Printer = {
  columns: [column('Name'), { name: 'Created At', type: 'date', format: '', description: '', priority: 0 }],
  cells: (object) => [name(object), object.metadata.creationTimestamp],
};

/** The printer of a kind; kinds without one of their own show name and time of creation. */
export function printerOf(kind: string): Printer {
  return PRINTERS[kind] ?? GENERIC;
}
