// Where a control plane's images come from: its proxies come from there too, unless somebody pinned another.
import { controlPlanes } from '../mesh/controlPlanes.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';

/** The part of istiod's image before its name, e.g. `gke.gcr.io/asm`; undefined where no istiod of the revision is installed. */
export function proxyHubOf(snapshot: ClusterSnapshot, revision: string): string | undefined {
  const view = controlPlanes(snapshot).find((candidate) => candidate.revision === revision);
  const image = view?.istiods.map(({ images }) => images.discovery).find((candidate) => candidate !== undefined);
  return image === undefined ? undefined : /^(.+)\/[^/]+$/.exec(image)?.[1];
}
