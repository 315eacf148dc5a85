// Checks between a request's body and its path, and on names, with the real server's sentences.
import type { KubeObject } from '../kubeObject.js';
import { badRequest, invalid } from './apiError.js';
import type { Target } from './requestTarget.js';
import { groupVersion } from './resources.js';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/u;
const SUBDOMAIN_RULE =
  'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \'-\' or \'.\', and must start and end with an ' +
  "alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric " +
  "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** Labels of DNS names: their objects' names become parts of host names. */
const LABEL_KINDS: readonly string[] = ['Namespace', 'Service'];
const QUALIFIED_NAME = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/u;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/u;
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const LABEL_KEY_RULE = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** Kind, version and namespace of a body have to be those of the path. */
export function checkBodyMatchesPath(object: KubeObject, target: Target): void {
  const apiVersion = groupVersion(target.resource.group, target.version);
  if (object.kind !== target.resource.kind) {
    throw badRequest(`the kind in the data (${object.kind}) does not match the expected kind (${target.resource.kind})`);
  }
  if (object.apiVersion !== apiVersion) {
    throw badRequest(`the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`);
  }
  const { namespace, name } = object.metadata;
  if (namespace !== undefined && namespace !== '' && namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (target.name !== undefined && name !== '' && name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  }
}

function qualifiedKind(target: Target): string {
  return target.resource.group === '' ? target.resource.kind : `${target.resource.kind}.${target.resource.group}`;
}

/** Names of objects and their labels; 422 with the rule that was broken. */
export function checkMetadata(object: KubeObject, target: Target): void {
  const { name, labels } = object.metadata;
  const kind = qualifiedKind(target);
  if (name === '') throw invalid(kind, '', 'metadata.name', 'Required value: name or generateName is required');
  const isLabelKind = LABEL_KINDS.includes(object.kind);
  const isNameValid = isLabelKind ? LABEL.test(name) && name.length <= 63 : SUBDOMAIN.test(name) && name.length <= 253;
  if (!isNameValid) {
    throw invalid(kind, name, 'metadata.name', `Invalid value: "${name}": ${isLabelKind ? LABEL_RULE : SUBDOMAIN_RULE}`);
  }
  for (const [label, value] of Object.entries(labels ?? {})) {
    if (!QUALIFIED_NAME.test(label)) throw invalid(kind, name, 'metadata.labels', `Invalid value: "${label}": ${LABEL_KEY_RULE}`);
    if (typeof value !== 'string' || !LABEL_VALUE.test(value)) {
      throw invalid(kind, name, 'metadata.labels', `Invalid value: ${JSON.stringify(value)}: ${LABEL_VALUE_RULE}`);
    }
  }
}
