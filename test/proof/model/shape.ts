// The shape of a scene: its whole one-cluster walk with names of domains left out. Scenes of one shape have the same walk.
//
// Everything that two clusters know of each other is in it as well: for each two classes of pods whether one anchors the other's
// root and accepts its domain, either way. So scenes of equal shape are the same transition system up to names, and a mesh of
// several clusters needs to be walked for one of them only.
import { createHash } from 'node:crypto';
import { stateKey } from './clusterState.js';
import { createMeshModel } from './meshModel.js';
import type { MeshModel, MeshState } from './meshModel.js';
import type { Scene } from './scene.js';

export function shapeOf(scene: Scene): string {
  const model = createMeshModel({ ...scene, extent: { ...scene.extent, clusters: 1, namespaces: 1 } });
  const hash = createHash('sha256').update(scene.roots);
  const seen = new Set<number>([model.initial[0]!]);
  const queue: MeshState[] = [model.initial];
  for (const mesh of queue) {
    hash.update(`\n${stateKey(model.cluster(mesh[0]!))} ${model.broken(mesh) ?? ''}`);
    for (const { to, step, story, isCertain, breaks } of model.moves(mesh)) {
      hash.update(`|${to[0]!} ${step} ${story} ${isCertain ? 1 : 0} ${breaks ?? ''}`);
      if (seen.has(to[0]!)) continue;
      seen.add(to[0]!);
      queue.push(to);
    }
  }
  return hash.update(classTable(model)).digest('hex');
}

function classTable({ parts: { classes } }: MeshModel): string {
  const all = Array.from({ length: classes.count() }, (_, id) => classes.at(id));
  return all
    .flatMap((one) =>
      all.map(({ trust }) => {
        const domain = trust?.signer.identityDomain ?? '';
        const accepts = one.trust?.push?.acceptedDomains.includes(domain) === true;
        const pins = one.trust?.push?.pinnedDomains.includes(domain) === true;
        return `${one.injector} ${one.anchors.join()} ${one.trust?.signer.root ?? '-'} ${trust?.signer.root ?? '-'} ${accepts ? 1 : 0}${pins ? 1 : 0}`;
      }),
    )
    .join('\n');
}
