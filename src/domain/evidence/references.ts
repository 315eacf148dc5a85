// Who still names a revision: labels of namespaces, templates and Gateways, directly or through a tag, and the tags themselves.
import { INJECTION_LABEL, POD_INJECT_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { RevisionReference } from '../gates/gateFacts.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { Labels } from '../mesh/facts.js';
import { meaningOf } from '../mesh/revisions.js';
import type { InjectionRules } from '../mesh/revisions.js';
import type { ClusterContext } from './clusterContext.js';
import { defaultRevision } from './defaultRevision.js';
import { batchOf, podTemplates } from './podTemplates.js';
import type { PodTemplate } from './podTemplates.js';

export function revisionReferences({ snapshot, rules }: ClusterContext): readonly RevisionReference[] {
  const found: RevisionReference[] = [];
  for (const name of [...snapshot.namespaces.keys()].sort()) {
    const namespace = snapshot.namespaces.get(name);
    if (namespace === undefined) continue;
    const labels = namespace.facts?.labels ?? {};
    found.push(...namedByNamespace(name, labels, rules));
    for (const template of podTemplates(namespace, batchOf(snapshot, name))) found.push(...namedByTemplate(name, labels, template, rules));
  }
  for (const { namespace, name, labels } of itemsOf(snapshot.objects.gatewayApi)) {
    const revision = labels[REVISION_LABEL] === undefined ? defaultRevision(rules) : resolve(labels[REVISION_LABEL], rules);
    if (revision !== undefined) found.push({ kind: 'gatewayApi', name: `${namespace}/Gateway/${name}`, revision });
  }
  for (const { injector, revision } of rules.rules) {
    if (injector.tag !== undefined) found.push({ kind: 'tag', name: injector.tag, revision });
  }
  return found;
}

/** Both labels where both are there: the one that loses today wins as soon as the other is taken away. */
function namedByNamespace(name: string, labels: Labels, rules: InjectionRules): readonly RevisionReference[] {
  const byLabel = labels[REVISION_LABEL];
  const byDefault = labels[INJECTION_LABEL] === 'enabled' ? defaultRevision(rules) : undefined;
  const revisions = [byLabel === undefined ? undefined : resolve(byLabel, rules), byDefault];
  return [...new Set(revisions)].flatMap((revision) => (revision === undefined ? [] : [{ kind: 'namespace', name, revision }]));
}

function namedByTemplate(namespace: string, namespaceLabels: Labels, template: PodTemplate, rules: InjectionRules): readonly RevisionReference[] {
  if (template.controlPlane) return [];
  const name = `${namespace}/${template.workload}`;
  const label = template.labels[REVISION_LABEL];
  const isDefault = label === undefined && template.labels[POD_INJECT_LABEL] === 'true' && namespaceLabels[REVISION_LABEL] === undefined;
  const revisions = [
    label === undefined ? undefined : resolve(label, rules),
    template.handInjected ? template.proxyRevision : undefined,
    isDefault ? defaultRevision(rules) : undefined,
  ];
  return [...new Set(revisions)].flatMap((revision) => (revision === undefined ? [] : [{ kind: 'template', name, revision }]));
}

/** A value that nothing answers to is taken for the revision it names: it would select it again as soon as that is there. */
function resolve(value: string, rules: InjectionRules): string {
  const meaning = meaningOf(rules, value);
  return meaning.kind === 'revision' || meaning.kind === 'tag' ? meaning.revision : value;
}
