// Asks which namespaces a command is meant for, when it was not called on any.
import * as vscode from 'vscode';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterName } from '../../domain/cluster.js';
import { namespaceView } from '../../domain/mesh/namespaceView.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { labelsText } from '../../domain/steps/openItemMessage.js';
import { isSystemNamespace } from '../../domain/steps/guards.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Choice } from './choiceBox.js';
import { askForSeveral } from './choiceBox.js';

/** The clusters that take part, as they are now. */
export interface KnownClusters {
  readonly clusters: readonly ClusterRef[];
  snapshot(ref: ClusterRef): ClusterSnapshot | undefined;
}

/** Asks for namespaces of the mesh over all clusters; empty when the user went away or there is none to choose. */
export async function pickNamespaces(known: KnownClusters, title: Message, text: RenderText): Promise<readonly NamespaceTarget[]> {
  const choices = known.clusters.flatMap((cluster) => clusterChoices(cluster, known.snapshot(cluster), text));
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(text(message('steps.pick.noNamespaces')));
    return [];
  }
  return askForSeveral({ title: text(title), placeholder: text(message('steps.pick.namespaces')), choices });
}

/** Those of the mesh first, then those that could be taken into it; a heading names the cluster. */
function clusterChoices(cluster: ClusterRef, snapshot: ClusterSnapshot | undefined, text: RenderText): readonly Choice<NamespaceTarget>[] {
  if (snapshot === undefined) return [];
  const views = [...snapshot.namespaces.values()]
    .filter(({ facts, name }) => facts !== undefined && !isSystemNamespace(name))
    .map((namespace) => namespaceView(snapshot, namespace))
    .sort((one, other) => Number(other.meshed) - Number(one.meshed) || (one.name < other.name ? -1 : 1));
  if (views.length === 0) return [];
  const shown = (value: string | Message): string => (typeof value === 'string' ? value : text(value));
  return [
    { label: clusterName(cluster), kind: vscode.QuickPickItemKind.Separator },
    ...views.map((view) => ({
      label: view.name,
      description: `${clusterName(cluster)} · ${shown(labelsText(view.labels))}`,
      value: { cluster, namespace: view.name },
    })),
  ];
}
