// Asks which of the chosen clusters a command is for, when it was not started from one.
import * as vscode from 'vscode';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterName, gkeName } from '../../domain/cluster.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';

/** The only one without asking; undefined when there is none or the user changed their mind. */
export async function pickCluster(refs: readonly ClusterRef[], text: RenderText): Promise<ClusterRef | undefined> {
  if (refs.length <= 1) return refs[0];
  const items = refs.map((ref) => ({ ref, label: clusterName(ref), description: gkeName(ref.context)?.location ?? '', detail: ref.context }));
  return (await vscode.window.showQuickPick(items, { placeHolder: text(message('clusters.pick.cluster')) }))?.ref;
}
