// Reads the clusters of the plan: who they are, where asmcli writes, what goes into both installs, and whether they fit together.
import type { GkeName } from '../cluster.js';
import { clusterKey, clusterName, gkeName } from '../cluster.js';
import { message } from '../../shared/text/message.js';
import type { PlannedCluster } from './migrationPlan.js';
import type { PlanNode } from './planDocument.js';
import type { Fields, PlanFieldReader } from './planFieldReader.js';
import { firstCharacter } from './planFieldReader.js';
import { CA_FILE_NAMES } from './planFields.js';
import type { PlanPathReader } from './planPaths.js';
import { fileName } from './planPaths.js';

type CaFiles = NonNullable<PlannedCluster['caFiles']>;

/** What is compared among clusters, with the places where to complain. */
interface ReadCluster {
  readonly cluster: PlannedCluster;
  readonly fields: Fields<'cluster'>;
}

export interface PlannedClusters {
  readonly clusters: readonly PlannedCluster[];
  /** How people call them, also those that are not right yet: so that one mistake is not reported twice. */
  readonly names: readonly string[];
}

export function readPlannedClusters(node: PlanNode | undefined, fields: PlanFieldReader, paths: PlanPathReader): PlannedClusters {
  const items = fields.list(node);
  if (node !== undefined && items?.length === 0) fields.reportShape(node, message('plan.clusters.none'));
  const read = (items ?? []).flatMap((item, index) => readCluster(item, index, fields, paths) ?? []);
  compareClusters(read, fields);
  const contexts = [...paths.placed].filter(([pointer]) => pointer.endsWith('/context'));
  return {
    clusters: read.map(({ cluster }) => cluster),
    names: contexts.map(([, { path: context }]) => clusterName({ kubeconfig: '', context })),
  };
}

function readCluster(node: PlanNode, index: number, fields: PlanFieldReader, paths: PlanPathReader): ReadCluster | undefined {
  const object = fields.object(node, 'cluster');
  if (object === undefined) return undefined;
  const pointer = `clusters/${index}`;
  const kubeconfig = paths.read(object.kubeconfig, `${pointer}/kubeconfig`);
  const context = fields.text(object.context);
  const outputDirectory = paths.read(object.outputDirectory, `${pointer}/outputDirectory`);
  const overlays = (fields.list(object.overlays) ?? []).flatMap((item, at) => paths.read(item, `${pointer}/overlays/${at}`) ?? []);
  const caFiles = readCaFiles(object.caFiles, pointer, fields, paths);
  const identity = context === undefined ? undefined : readIdentity(object, context, node, fields);
  if (object.context !== undefined && context !== undefined) paths.place(`${pointer}/context`, object.context, context);
  if (kubeconfig === undefined || context === undefined || identity === undefined || outputDirectory === undefined) return undefined;
  return { cluster: { ref: { kubeconfig, context }, ...identity, outputDirectory, overlays, caFiles }, fields: object };
}

/** From the context's name as gcloud writes it; other contexts have to say who they are. */
function readIdentity(
  object: Fields<'cluster'>,
  context: string,
  node: PlanNode,
  fields: PlanFieldReader,
): Pick<PlannedCluster, 'project' | 'location' | 'name'> | undefined {
  const fromContext = gkeName(context);
  const said = { project: fields.text(object.project), location: fields.text(object.location), name: fields.text(object.name) };
  if (fromContext !== undefined) {
    const known = identityOf(fromContext);
    for (const part of ['project', 'location', 'name'] as const) {
      const place = object[part];
      const value = said[part];
      if (place === undefined || value === undefined || value === known[part]) continue;
      fields.report(place, message('plan.cluster.contradicts', { field: part, value: known[part] }));
    }
    return known;
  }
  const { project, location, name } = said;
  if (project !== undefined && location !== undefined && name !== undefined) return { project, location, name };
  fields.report(object.context ?? firstCharacter(node), message('plan.cluster.notGke', { context }));
  return undefined;
}

function identityOf({ project, location, cluster }: GkeName): Pick<PlannedCluster, 'project' | 'location' | 'name'> {
  return { project, location, name: cluster };
}

/** All four or none: one of them alone makes asmcli stop, and others than these names make istiod sign by itself. */
function readCaFiles(node: PlanNode | undefined, pointer: string, fields: PlanFieldReader, paths: PlanPathReader): CaFiles | undefined {
  const object = node === undefined ? undefined : fields.object(node, 'caFiles');
  if (object === undefined) return undefined;
  const read = (name: keyof CaFiles): string | undefined => {
    const place = object[name];
    const path = paths.read(place, `${pointer}/caFiles/${name}`);
    const wanted = CA_FILE_NAMES[name];
    if (place === undefined || path === undefined || fileName(path) === wanted) return path;
    fields.report(place, message('plan.caFiles.name', { name: wanted }));
    return undefined;
  };
  const [caCert, caKey, rootCert, certChain] = [read('caCert'), read('caKey'), read('rootCert'), read('certChain')];
  if (caCert === undefined || caKey === undefined || rootCert === undefined || certChain === undefined) return undefined;
  return { caCert, caKey, rootCert, certChain };
}

/**
 * asmcli's output directories are overwritten by each install; the guide wants all clusters of a mesh in one project; and waivers,
 * tests and the baseline go by a cluster's name, so that two of one name would be taken for one.
 */
function compareClusters(read: readonly ReadCluster[], fields: PlanFieldReader): void {
  const [first] = read;
  for (const [index, { cluster, fields: places }] of read.entries()) {
    const before = read.slice(0, index).map((other) => other.cluster);
    if (places.context !== undefined && before.some(({ ref }) => clusterKey(ref) === clusterKey(cluster.ref))) {
      fields.report(places.context, message('plan.cluster.twice', { context: cluster.ref.context }));
    }
    const namesake = before.find((other) => isCalledAlike(other, cluster));
    const named = places.name ?? places.context;
    if (named !== undefined && namesake !== undefined) {
      fields.report(named, message('plan.cluster.sameName', { name: cluster.name, context: namesake.ref.context }));
    }
    const same = before.find(({ outputDirectory }) => comparable(outputDirectory) === comparable(cluster.outputDirectory));
    if (places.outputDirectory !== undefined && same !== undefined) {
      fields.report(places.outputDirectory, message('plan.cluster.sameOutput', { cluster: same.name }));
    }
    const place = places.project ?? places.context;
    if (first !== undefined && place !== undefined && first.cluster.project !== cluster.project) {
      fields.report(place, message('plan.cluster.otherProject', { project: cluster.project, first: first.cluster.project }));
    }
  }
}

/** By the name in the plan, or the one that people know it by; the same cluster written twice is another mistake. */
function isCalledAlike(one: PlannedCluster, other: PlannedCluster): boolean {
  if (clusterKey(one.ref) === clusterKey(other.ref)) return false;
  return one.name === other.name || clusterName(one.ref) === clusterName(other.ref);
}

function comparable(path: string): string {
  return path.replace(/[\\/]+$/, '');
}
