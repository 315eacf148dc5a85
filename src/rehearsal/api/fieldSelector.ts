// Field selectors: only the fields that the real server indexes for a resource can be asked for.
import type { ResourceName } from '../clusterBackend.js';
import { ApiError } from './apiError.js';
import { textAt } from './json.js';
import type { Match } from './labelSelector.js';

const EVERYWHERE = ['metadata.name', 'metadata.namespace'];

/** Registered in each built-in type's `ToSelectableFields` / conversion functions. */
const SELECTABLE: Readonly<Record<ResourceName, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** Fields that are false, not missing, where an object does not name them. */
const FALSE_WHEN_MISSING = ['spec.unschedulable', 'spec.hostNetwork'];

/** Where an event's source is kept; every other label is the path itself. */
const PATHS: Readonly<Record<string, readonly string[]>> = { source: ['source', 'component'] };

function parseTerm(resource: ResourceName, term: string): Match {
  const [, field = '', operator, wanted = ''] = /^([^!=]+)(!=|==?)(.*)$/u.exec(term) ?? [];
  if (operator === undefined) throw cannotFind(`invalid selector: '${term}'; can't understand '${term}'`);
  if (!EVERYWHERE.includes(field) && SELECTABLE[resource]?.includes(field) !== true) {
    throw cannotFind(`field label not supported: ${field}`);
  }
  const path = PATHS[field] ?? field.split('.');
  return (object) => {
    const found = textAt(object, ...path);
    const value = found === '' && FALSE_WHEN_MISSING.includes(field) ? 'false' : found;
    return (value === wanted) === (operator !== '!=');
  };
}

function cannotFind(problem: string): ApiError {
  return new ApiError(400, 'BadRequest', problem);
}

/** An empty selector selects everything. */
export function parseFieldSelector(resource: ResourceName, selector: string | null): Match {
  const terms = (selector ?? '')
    .split(',')
    .filter((term) => term !== '')
    .map((term) => parseTerm(resource, term));
  return (object) => terms.every((term) => term(object));
}
