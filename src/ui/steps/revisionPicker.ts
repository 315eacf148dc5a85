// Asks which revision namespaces move to, or what they go back to when nothing is remembered. Only what would work is offered.
import * as vscode from 'vscode';
import { clusterKey } from '../../domain/cluster.js';
import type { ControlPlaneView } from '../../domain/mesh/controlPlanes.js';
import { memoryOf } from '../../domain/steps/labelMemory.js';
import type { InjectionLabels } from '../../domain/steps/namespaceLabels.js';
import { injectionLabelsOf, NO_LABELS, withInjectionLabels } from '../../domain/steps/namespaceLabels.js';
import { injectingRevision, offeredRevisions } from '../../domain/steps/namespaceInjector.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Choice } from './choiceBox.js';
import { askForOne } from './choiceBox.js';
import type { KnownClusters } from './namespacePicker.js';

/** Asks for a revision that is ready in every cluster of the targets; undefined when the user went away or there is none. */
export async function pickRevision(
  known: KnownClusters,
  targets: readonly NamespaceTarget[],
  text: RenderText,
): Promise<string | undefined> {
  const offered = revisionsOfAll(known, targets);
  if (offered.length === 0) {
    void vscode.window.showWarningMessage(text(message('steps.pick.noRevision')));
    return undefined;
  }
  const present = presentRevisions(known, targets);
  const choices = offered.map((plane): Choice<string> => ({
    label: plane.revision,
    description: describeControlPlane(plane, text),
    ...(present.has(plane.revision) && { detail: `$(check) ${text(message('steps.pick.present'))}` }),
    value: plane.revision,
  }));
  // Moving to where it is already is possible (a restart that was cut short), but seldom meant.
  choices.sort((one, other) => Number(present.has(one.label)) - Number(present.has(other.label)));
  return askForOne({ title: text(titleFor('steps.pick.moveTitle', targets)), placeholder: text(message('steps.pick.revision')), choices });
}

/** Read, and nothing remembered of where it was; of what could not be read, the preview says so. */
export function isForgotten(known: KnownClusters, { cluster, namespace }: NamespaceTarget): boolean {
  const facts = known.snapshot(cluster)?.namespaces.get(namespace)?.facts;
  return facts !== undefined && memoryOf(facts) === undefined;
}

/** Asks what namespaces go back to of which nothing is remembered. */
export async function pickReturn(
  known: KnownClusters,
  targets: readonly NamespaceTarget[],
  text: RenderText,
): Promise<InjectionLabels | undefined> {
  const injected: InjectionLabels = { injection: 'enabled', revision: undefined };
  const byInjection = injectorsOf(known, targets, injected);
  const present = presentRevisions(known, targets);
  const choices: readonly Choice<InjectionLabels>[] = [
    ...(byInjection === undefined
      ? []
      : [{ label: 'istio-injection=enabled', description: text(message('steps.pick.injectedBy', { revision: byInjection })), value: injected }]),
    ...revisionsOfAll(known, targets)
      .filter(({ revision }) => !present.has(revision))
      .map((plane) => ({
        label: `istio.io/rev=${plane.revision}`,
        description: describeControlPlane(plane, text),
        value: { injection: undefined, revision: plane.revision },
      })),
    { label: text(message('steps.pick.noLabel')), description: text(message('steps.pick.noLabelHint')), value: NO_LABELS },
  ];
  return askForOne({ title: text(titleFor('steps.pick.returnTitle', targets)), placeholder: text(message('steps.pick.return')), choices });
}

/** Version, signer and roots of a control plane, as it is configured. */
export function describeControlPlane({ version, signer, meshCaRoot }: ControlPlaneView, text: RenderText): string {
  const signs = message(signerKey(signer));
  const parts = [signs, ...(meshCaRoot === 'handedOut' ? [message('steps.pick.handsOutMeshCa')] : [])];
  return [...(version === undefined ? [] : [version]), ...parts.map(text)].join(' · ');
}

function signerKey(signer: ControlPlaneView['signer']): 'steps.pick.signsIstioCa' | 'steps.pick.signsMeshCa' | 'steps.pick.signsUnknown' {
  switch (signer) {
    case 'istioCa':
      return 'steps.pick.signsIstioCa';
    case 'meshCa':
      return 'steps.pick.signsMeshCa';
    case 'unknown':
      return 'steps.pick.signsUnknown';
    default:
      return assertNever(signer);
  }
}

function titleFor(key: 'steps.pick.moveTitle' | 'steps.pick.returnTitle', targets: readonly NamespaceTarget[]): Message {
  return message(key, { names: targets.map(({ namespace }) => namespace).join(', ') });
}

/** By the first cluster's description; a revision that one of the clusters lacks is not offered. */
function revisionsOfAll(known: KnownClusters, targets: readonly NamespaceTarget[]): readonly ControlPlaneView[] {
  const clusters = [...new Map(targets.map(({ cluster }) => [clusterKey(cluster), cluster])).values()];
  const [first = [], ...others] = clusters.map((cluster) => {
    const snapshot = known.snapshot(cluster);
    return snapshot === undefined ? [] : offeredRevisions(snapshot);
  });
  return first.filter(({ revision }) => others.every((offered) => offered.some((plane) => plane.revision === revision)));
}

/** The revisions that the targets' labels name now. */
function presentRevisions(known: KnownClusters, targets: readonly NamespaceTarget[]): ReadonlySet<string> {
  const labels = targets.map(({ cluster, namespace }) => known.snapshot(cluster)?.namespaces.get(namespace)?.facts?.labels ?? {});
  return new Set(labels.map(injectionLabelsOf).flatMap(({ injection, revision }) => (injection === undefined && revision !== undefined ? [revision] : [])));
}

/** What would inject all the targets under these labels; undefined as soon as one of them would not be injected. */
function injectorsOf(known: KnownClusters, targets: readonly NamespaceTarget[], labels: InjectionLabels): string | undefined {
  const revisions = targets.map(({ cluster, namespace }) => {
    const snapshot = known.snapshot(cluster);
    const facts = snapshot?.namespaces.get(namespace)?.facts;
    if (snapshot === undefined || facts === undefined) return undefined;
    return injectingRevision(snapshot, { name: namespace, labels: withInjectionLabels(facts.labels, labels) });
  });
  const found = revisions.filter((revision) => revision !== undefined);
  return found.length === revisions.length && found.length > 0 ? [...new Set(found)].join(', ') : undefined;
}
