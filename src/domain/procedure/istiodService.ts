// Service `istiod`, which whoever knows no revision calls: how it is led to another control plane, and what it selected before.
import { ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import { message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import { controlPlane, controlPlanes } from '../mesh/controlPlanes.js';
import type { Labels } from '../mesh/facts.js';
import { serviceSelects } from '../mesh/podSelection.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { MeshSituation, StepDraft, StepVerification } from './procedureStep.js';
import { factsOf, kubectl, snapshotOf } from './situationParts.js';
import { openWhile, unknown } from './stepDraft.js';

export const SERVICE = 'istiod';
/** Labels by which installers tell istiod's pods apart, older ones without the revision. */
const TELLING = ['app', 'istio', REVISION_LABEL];

/** What the Service selects now; undefined where there is none. */
export function presentSelector(situation: MeshSituation, cluster: ClusterRef): Labels | undefined {
  return snapshotOf(situation, cluster)?.namespaces.get(ISTIO_NAMESPACE)?.services.get(SERVICE)?.selector;
}

/** A merge patch takes out what is null. */
export function patchSelector(situation: MeshSituation, cluster: ClusterRef, selector: Readonly<Record<string, string | null>>): CommandSpec {
  return kubectl(situation, cluster, 'patch', 'service', SERVICE, '-n', ISTIO_NAMESPACE, '--type=merge', '-p', JSON.stringify({ spec: { selector } }));
}

/** From one selector to another in one patch, so that there is no moment in between. */
export function exchangeSelector(present: Labels, wanted: Labels): Readonly<Record<string, string | null>> {
  return { ...Object.fromEntries(Object.keys(present).filter((key) => !(key in wanted)).map((key) => [key, null])), ...wanted };
}

export function undoSelector(situation: MeshSituation, cluster: ClusterRef, selector: Labels | undefined): StepDraft['undo'] {
  if (selector === undefined) {
    return { explanation: message('procedure.finalize.undoNone'), commands: [kubectl(situation, cluster, 'delete', 'service', SERVICE, '-n', ISTIO_NAMESPACE)] };
  }
  const before = { ...(REVISION_LABEL in selector ? {} : { [REVISION_LABEL]: null }), ...selector };
  return { explanation: message('procedure.finalize.undo'), commands: [patchSelector(situation, cluster, before)] };
}

/**
 * What leads to this revision's istiod and to no other: what `kept` (a Service as kubectl prints it in YAML) selects, as far as
 * it does, otherwise by the labels of its pods. Undefined where nothing tells it from another.
 */
export function selectorFor(snapshot: ClusterSnapshot, revision: string, kept: string | undefined): Labels | undefined {
  const own = controlPlane(snapshot, revision)?.istiods ?? [];
  const others = controlPlanes(snapshot).filter((other) => other.revision !== revision).flatMap(({ istiods }) => istiods);
  const [istiod] = own;
  if (istiod === undefined) return undefined;
  const byPods = Object.fromEntries(Object.entries(istiod.templateLabels).filter(([key]) => TELLING.includes(key)));
  const isItsAlone = (selector: Labels): boolean =>
    own.every(({ templateLabels }) => serviceSelects(selector, templateLabels)) && !others.some(({ templateLabels }) => serviceSelects(selector, templateLabels));
  return [kept === undefined ? {} : selectorIn(kept), byPods].find(isItsAlone);
}

/** kubectl prints maps one key a line, two columns deeper than the map's own key. */
function selectorIn(yaml: string): Labels {
  const lines = yaml.split('\n');
  const at = lines.indexOf('  selector:');
  const selector: Record<string, string> = {};
  for (const line of at < 0 ? [] : lines.slice(at + 1)) {
    const [, key, value] = /^ {4}([^\s:]+): ["']?([^"']*)["']?$/.exec(line) ?? [];
    if (key === undefined || value === undefined) break;
    selector[key] = value;
  }
  return selector;
}

/** Ready pods of the revision stand behind Service `istiod`. */
export function leadsTo(cluster: ClusterRef, revision: string): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const facts = factsOf(situation, cluster);
    if (facts === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
    const leads = facts.istiodService ?? message('steps.injector.none');
    const items = facts.istiodService === revision ? [] : [message('procedureChecks.finalize.leadsElsewhere', { leads, revision })];
    return openWhile(items, true, [message('procedureChecks.finalize.leads', { revision })]);
  };
}
