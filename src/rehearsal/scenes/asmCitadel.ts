// Scene asm-citadel: ASM 1.16 with Istio CA, namespaces with a revision label, and in each cluster a root of its own.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { asmWithCitadel } from '../mesh/installation/controlPlaneSpec.js';
import { defaultValidator, tagWebhook } from '../mesh/installation/webhookConfigurations.js';
import { REHEARSAL_CLUSTERS, REHEARSAL_PROJECT } from './scene.js';
import type { Scene } from './scene.js';

export const ASM_CITADEL: Scene = {
  name: 'asm-citadel',
  project: REHEARSAL_PROJECT,
  clusters: REHEARSAL_CLUSTERS,
  meshLabels: { [REVISION_LABEL]: 'asm-1162-2' },
  // 'default' is a tag here.
  installedRevisions: ['asm-1162-2', 'default'],
  // Self-signed roots: same subject, different keys.
  createSharedAuthority: undefined,
  controlPlane: asmWithCitadel,
  extraWebhooks: ({ revision }) => [tagWebhook('default', revision), defaultValidator(revision)],
};
