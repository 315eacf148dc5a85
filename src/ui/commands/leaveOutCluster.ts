// Leave Out: a cluster no longer takes part. Nothing is changed in the cluster or in a kubeconfig.
import type { RenderText } from '../../shared/text/render.js';
import type { ChosenClusters } from '../chosenClusters.js';
import { clusterTarget } from '../tree/targets.js';
import { pickCluster } from './pickCluster.js';

export async function leaveOutCluster(chosen: ChosenClusters, text: RenderText, clicked?: unknown): Promise<void> {
  const ref = clusterTarget(clicked) ?? (await pickCluster(chosen.refs, text));
  if (ref !== undefined) await chosen.leaveOut([ref]);
}
