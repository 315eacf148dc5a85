// Lays IstioOperator files over one another, as istioctl does, and says which control plane comes out.
import { parseAllDocuments } from 'yaml';
import { fieldsAt, isObject, listAt, textAt } from '../../api/json.js';
import type { ControlPlaneSpec } from '../../mesh/installation/controlPlaneSpec.js';

/** Maps are merged, everything else replaced; a list of named components is merged by name. */
function overlaid(below: unknown, above: unknown): unknown {
  if (isObject(below) && isObject(above)) {
    const merged = { ...below };
    for (const [field, value] of Object.entries(above)) merged[field] = overlaid(below[field], value);
    return merged;
  }
  if (Array.isArray(below) && Array.isArray(above)) return overlaidList(below, above);
  return above === undefined ? below : above;
}

function overlaidList(below: readonly unknown[], above: readonly unknown[]): readonly unknown[] {
  if (![...below, ...above].every((item) => textAt(item, 'enabled') !== '')) return above;
  const names = new Set(above.map((item) => textAt(item, 'name')));
  return [...below.filter((item) => !names.has(textAt(item, 'name'))), ...above];
}

/** The spec that results from the texts, the last one on top. Throws on text that is not YAML. */
export function mergeOperators(texts: readonly string[]): Record<string, unknown> {
  let merged: unknown = {};
  for (const text of texts) {
    for (const document of parseAllDocuments(text)) {
      if ('errors' in document && document.errors[0] !== undefined) throw document.errors[0];
      const value: unknown = 'toJS' in document ? document.toJS() : undefined;
      if (textAt(value, 'kind') === 'IstioOperator') merged = overlaid(merged, fieldsAt(value, 'spec'));
    }
  }
  return isObject(merged) ? merged : {};
}

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

/** The control plane that a merged spec asks for. */
export function controlPlaneOf(spec: unknown, revision: string): ControlPlaneSpec {
  const signsWithMeshCa = textAt(spec, 'values', 'global', 'caAddress').startsWith('meshca.');
  return {
    revision,
    version: textAt(spec, 'tag'),
    hub: textAt(spec, 'hub'),
    installedBy: 'asm',
    meshId: textAt(spec, 'values', 'global', 'meshID'),
    clusterId: textAt(spec, 'values', 'global', 'multiCluster', 'clusterName'),
    trustDomain: textAt(spec, 'meshConfig', 'trustDomain'),
    trustDomainAliases: texts(listAt(spec, 'meshConfig', 'trustDomainAliases')).filter(
      (alias, at, all) => alias !== textAt(spec, 'meshConfig', 'trustDomain') && all.indexOf(alias) === at,
    ),
    caCertificates: listAt(spec, 'meshConfig', 'caCertificates').map((entry) => textAt(entry, 'pem')),
    isMultiRoot: textAt(spec, 'values', 'pilot', 'env', 'ISTIO_MULTIROOT_MESH') === 'true',
    signsWith: signsWithMeshCa ? 'meshCa' : 'citadel',
  };
}

/** Whether the default ingress gateway is to be installed with the control plane. */
export function hasIngressGateway(spec: unknown): boolean {
  return listAt(spec, 'components', 'ingressGateways').some(
    (gateway) => textAt(gateway, 'name') === 'istio-ingressgateway' && textAt(gateway, 'enabled') === 'true',
  );
}
