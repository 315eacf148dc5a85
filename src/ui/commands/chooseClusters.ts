// Choose Clusters: which contexts of all known kubeconfig files take part.
import * as vscode from 'vscode';
import type { KubeContext, KubeconfigReader } from '../../app/ports.js';
import type { SettingId } from '../../contributions.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName, gkeName } from '../../domain/cluster.js';
import type { Failure } from '../../shared/failure.js';
import { failureMessage } from '../../shared/failure.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { ChosenClusters } from '../chosenClusters.js';

const SETTING: SettingId = 'meshCa.kubeconfigs';

export interface ChooseClustersDependencies {
  readonly chosen: ChosenClusters;
  readonly kubeconfigs: KubeconfigReader;
  /** Files that the extension fetched itself. */
  readonly fetched: () => Promise<readonly string[]>;
  readonly text: RenderText;
}

interface ContextItem extends vscode.QuickPickItem {
  /** Undefined for an item that only says why a file gives nothing. */
  readonly ref: ClusterRef | undefined;
}

export async function chooseClusters({ chosen, kubeconfigs, fetched, text }: ChooseClustersDependencies): Promise<void> {
  const files = [...new Set([...chosen.kubeconfigFiles(), ...(await fetched())])];
  const read = await Promise.all(files.map(async (path) => ({ path, contexts: await kubeconfigs.contexts(path) })));
  const items = read.flatMap(({ path, contexts }) => {
    if (!contexts.ok) return [fileItem(path), failureItem(path, contexts.failure, text)];
    return contexts.value.length === 0 ? [] : [fileItem(path), ...contexts.value.map(contextItem)];
  });
  const found = new Set(items.flatMap(({ ref }) => (ref === undefined ? [] : [clusterKey(ref)])));
  const gone = chosen.refs.filter((ref) => !found.has(clusterKey(ref))).map((ref) => goneItem(ref, text));
  const all = [...gone, ...items];
  if (!all.some(({ ref }) => ref !== undefined)) {
    const reasons = read.map(({ path, contexts }) => (contexts.ok ? path : reasonAt(path, contexts.failure, text)));
    const settings = text(message('clusters.choose.settings'));
    void vscode.window.showInformationMessage(text(message('clusters.choose.none', { files: reasons.join('; ') })), settings).then((chosen) => {
      if (chosen === settings) void vscode.commands.executeCommand('workbench.action.openSettings', SETTING);
    });
    return;
  }
  const picked = await pickMany(all, new Set(chosen.refs.map(clusterKey)), text);
  if (picked !== undefined) await chosen.choose(picked);
}

/** By hand, because `showQuickPick` cannot keep an item that is not to be picked from being picked. */
function pickMany(
  items: readonly ContextItem[],
  before: ReadonlySet<string>,
  text: RenderText,
): Promise<readonly ClusterRef[] | undefined> {
  const pick = vscode.window.createQuickPick<ContextItem>();
  pick.title = text(message('clusters.choose.title'));
  pick.placeholder = text(message('clusters.choose.placeholder'));
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  pick.items = items;
  pick.selectedItems = items.filter(({ ref }) => ref !== undefined && before.has(clusterKey(ref)));
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      resolve(pick.selectedItems.flatMap(({ ref }) => ref ?? []));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function contextItem({ kubeconfig, context, server }: KubeContext): ContextItem {
  const ref = { kubeconfig, context };
  const gke = gkeName(context);
  // The end is what a narrow box cuts off, and the context is what tells clusters of one name apart.
  const detail = gke === undefined ? server : `${context}  ·  ${server}`;
  return { ref, label: clusterName(ref), description: gke === undefined ? '' : `${gke.location} · ${gke.project}`, detail };
}

function fileItem(path: string): ContextItem {
  return { ref: undefined, label: path, kind: vscode.QuickPickItemKind.Separator };
}

/** The file first, and after it why it gives nothing. */
function reasonAt(path: string, failure: Failure, text: RenderText): string {
  return failure.kind === 'kubeconfigUnreadable' ? `${path} (${failure.reason})` : `${path} (${text(failureMessage(failure))})`;
}

function failureItem(path: string, failure: Failure, text: RenderText): ContextItem {
  return { ref: undefined, label: `$(warning) ${path}`, detail: text(failureMessage(failure)) };
}

function goneItem(ref: ClusterRef, text: RenderText): ContextItem {
  return { ref, label: clusterName(ref), description: text(message('clusters.choose.gone')), detail: `${ref.context} · ${ref.kubeconfig}` };
}
