// Lets a rehearsal's clusters take part while it runs.
import type { KubeconfigReader } from '../../app/ports.js';
import type { Disposable } from '../../app/events.js';
import type { ChosenClusters } from '../chosenClusters.js';
import { succeed } from '../../shared/failure.js';
import type { ParticipatingClusters } from './rehearsalStart.js';

/** All contexts of the rehearsal's kubeconfig are chosen when it starts and left out when it is stopped. */
export function rehearsalClusters(chosen: ChosenClusters, kubeconfigs: KubeconfigReader): ParticipatingClusters {
  const offered = new Map<string, Disposable>();
  return {
    join: async (kubeconfig) => {
      const contexts = await kubeconfigs.contexts(kubeconfig);
      if (!contexts.ok) return contexts;
      offered.get(kubeconfig)?.dispose();
      offered.set(kubeconfig, chosen.addKubeconfigFile(kubeconfig));
      await chosen.add(contexts.value);
      return succeed(contexts.value.length);
    },
    leave: async (kubeconfig) => {
      offered.get(kubeconfig)?.dispose();
      offered.delete(kubeconfig);
      await chosen.leaveOut(chosen.refs.filter((ref) => ref.kubeconfig === kubeconfig));
    },
  };
}
