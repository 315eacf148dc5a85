// Show Certificate Trust: opens the panel on what was clicked, or on the whole mesh.
import { targetIdOf } from '../../app/trust/proxyTargets.js';
import type { ToTrustPage } from '../../shared/trustProtocol.js';
import type { TrustScope } from '../../shared/trustRows.js';
import { clusterTarget } from '../tree/targets.js';
import type { CommandHandler } from './registerCommands.js';

/** Opens the panel on a part of the mesh; without one on the whole, as it was last looked at. */
export type ShowTrust = (scope?: TrustScope, focus?: ToTrustPage['focus']) => void;

/** On the clicked cluster, or the clicked pod among its neighbours; from the palette on the whole mesh, as it was last looked at. */
export function openTrust(show: ShowTrust): CommandHandler {
  return (clicked) => {
    const cluster = clusterTarget(clicked);
    if (cluster === undefined) {
      show();
      return;
    }
    const place = podOf(clicked);
    if (place === undefined) show({ contexts: [cluster.context], namespaces: [] }, { view: 'overview', id: undefined });
    else show({ contexts: [cluster.context], namespaces: [place.namespace] }, { view: 'pods', id: targetIdOf(cluster, place.namespace, place.pod) });
  };
}

function podOf(clicked: unknown): { readonly namespace: string; readonly pod: string } | undefined {
  if (typeof clicked !== 'object' || clicked === null || !('kind' in clicked) || clicked.kind !== 'pod') return undefined;
  if (!('namespace' in clicked) || !('pod' in clicked)) return undefined;
  const { namespace, pod } = clicked;
  return typeof namespace === 'string' && typeof pod === 'string' ? { namespace, pod } : undefined;
}
