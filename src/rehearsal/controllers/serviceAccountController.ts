// Gives every new namespace its service account `default`, without which no pod would have an identity.
import type { ObjectStore } from '../clusterBackend.js';
import type { RehearsalClock } from './rehearsalClock.js';

const ACCOUNTS = 'serviceaccounts';

export function startServiceAccountController({ store, clock }: { readonly store: ObjectStore; readonly clock: RehearsalClock }): void {
  store.onChange(({ type, resource, object }) => {
    if (resource !== 'namespaces' || type !== 'ADDED') return;
    const namespace = object.metadata.name;
    clock.schedule(0, () => {
      const isWanted = store.get('namespaces', undefined, namespace) !== undefined;
      if (!isWanted || store.get(ACCOUNTS, namespace, 'default') !== undefined) return;
      store.create(ACCOUNTS, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
    });
  });
}
