// Scene istio-default: Istio on GKE, revision `default`, namespaces with `istio-injection=enabled`, one plugged-in root.
import { INJECTION_LABEL } from '../../shared/istioNames.js';
import { istioOnGke } from '../mesh/installation/controlPlaneSpec.js';
import { defaultValidator } from '../mesh/installation/webhookConfigurations.js';
import { createPluggedInAuthority } from '../pki/certificateAuthority.js';
import { REHEARSAL_CLUSTERS, REHEARSAL_PROJECT } from './scene.js';
import type { Scene } from './scene.js';

export const ISTIO_DEFAULT: Scene = {
  name: 'istio-default',
  project: REHEARSAL_PROJECT,
  clusters: REHEARSAL_CLUSTERS,
  meshLabels: { [INJECTION_LABEL]: 'enabled' },
  installedRevisions: ['default'],
  createSharedAuthority: (now, newKey) => createPluggedInAuthority('Rehearsal', now, newKey),
  controlPlane: istioOnGke,
  extraWebhooks: ({ revision }) => [defaultValidator(revision)],
};
