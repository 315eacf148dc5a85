// From the text of mesh-ca.plan.jsonc to a plan, or to everything that keeps it from being one. Asks no file and no clock.
import { message } from '../../shared/text/message.js';
import type { MigrationPlan, Waiver } from './migrationPlan.js';
import type { PlanDocument, PlanNode, PlanProblem } from './planDocument.js';
import type { Fields } from './planFieldReader.js';
import { ASMCLI_FLAGS, DEFAULT_WAVE_SIZE, PROJECT_PATTERN, STARTING_POINTS } from './planFields.js';
import { PlanFieldReader } from './planFieldReader.js';
import { readPlannedClusters } from './readPlannedClusters.js';
import { readWaivers } from './readWaivers.js';
import type { PlacedPath } from './planPaths.js';
import { PlanPathReader } from './planPaths.js';
import { revisionNameProblem, SUGGESTED_REVISIONS } from './revisionName.js';
import { secretProblems } from './secretText.js';

/** What reading needs to know besides the text. */
export interface PlanSurroundings {
  /** Makes a path absolute, from the folder of the plan file. */
  readonly resolve: (path: string) => string;
  /** `2026-03-31`, in UTC. */
  readonly today: string;
}

export interface PlanReading {
  /** Undefined when there is an error among the problems. */
  readonly plan: MigrationPlan | undefined;
  /** In the order of the text. */
  readonly problems: readonly PlanProblem[];
  /** What names files, and contexts in them, by the way to it: `clusters/0/kubeconfig`, `clusters/0/context`, `backupDirectory`, … */
  readonly placed: ReadonlyMap<string, PlacedPath>;
}

export function readPlan(document: PlanDocument, surroundings: PlanSurroundings): PlanReading {
  const fields = new PlanFieldReader();
  const paths = new PlanPathReader(fields, surroundings.resolve);
  const root = document.root;
  const plan = root === undefined ? undefined : readRoot(root, fields, paths, surroundings.today);
  if (root === undefined && document.syntaxErrors.length === 0) {
    fields.reportShape({ offset: 0, length: document.text.length }, message('plan.emptyFile'));
  }
  const problems = [...document.syntaxErrors, ...secretProblems(document.text), ...fields.problems].sort(byOffset);
  const usable = !problems.some(({ severity }) => severity === 'error');
  return { plan: usable ? plan : undefined, problems, placed: paths.placed };
}

function readRoot(root: PlanNode, fields: PlanFieldReader, paths: PlanPathReader, today: string): MigrationPlan | undefined {
  const object = fields.object(root, 'plan');
  if (object === undefined) return undefined;
  if (object.version !== undefined && !(object.version.kind === 'number' && object.version.value === 1)) {
    fields.reportShape(object.version, message('plan.version'));
  }
  const startingPoint = fields.choice(object.startingPoint, STARTING_POINTS);
  const fleetProject = readProject(object.fleetProject, fields);
  const { clusters, names } = readPlannedClusters(object.clusters, fields, paths);
  const revision1 = readRevision(object.revision1, fields);
  const revision2 = readRevision(object.revision2, fields);
  if (object.revision2 !== undefined && revision1 !== undefined && revision1 === revision2) {
    fields.report(object.revision2, message('plan.revision.same', { suggestion: SUGGESTED_REVISIONS.revision2 }));
  }
  const optional = readOptional(object, fields, paths, names, today);
  if (startingPoint === undefined || fleetProject === undefined || revision1 === undefined || revision2 === undefined) return undefined;
  return { version: 1, startingPoint, fleetProject, clusters, revision1, revision2, ...optional };
}

function readOptional(
  object: Fields<'plan'>,
  fields: PlanFieldReader,
  paths: PlanPathReader,
  names: readonly string[],
  today: string,
): Pick<MigrationPlan, 'asmcli' | 'asmcliFlags' | 'waveSize' | 'tests' | 'waivers' | 'backupDirectory'> {
  const waivers: readonly Waiver[] = readWaivers(object.waivers, fields, names, today);
  return {
    asmcli: paths.read(object.asmcli, 'asmcli'),
    asmcliFlags: readFlags(object.asmcliFlags, fields),
    waveSize: fields.count(object.waveSize) ?? DEFAULT_WAVE_SIZE,
    tests: readTests(object.tests, fields, names),
    waivers,
    backupDirectory: paths.read(object.backupDirectory, 'backupDirectory'),
  };
}

/** A project id, as gcloud and asmcli take it. */
export function readProject(node: PlanNode | undefined, fields: PlanFieldReader): string | undefined {
  const project = fields.text(node);
  if (node === undefined || project === undefined) return undefined;
  if (new RegExp(PROJECT_PATTERN).test(project)) return project;
  fields.reportShape(node, message('plan.project.malformed', { project }));
  return undefined;
}

function readRevision(node: PlanNode | undefined, fields: PlanFieldReader): string | undefined {
  const name = fields.text(node);
  const problem = name === undefined ? undefined : revisionNameProblem(name);
  if (node === undefined || problem === undefined) return name;
  fields.report(node, problem);
  return undefined;
}

function readFlags(node: PlanNode | undefined, fields: PlanFieldReader): readonly string[] {
  if (node === undefined) return ['enable_all'];
  const flags = fields.texts(node);
  for (const { node: item, value } of flags) {
    if (value.startsWith('-')) fields.reportShape(item, message('plan.flag.dashes'));
    else fields.choice(item, ASMCLI_FLAGS);
  }
  const all = flags.find(({ value }) => value === 'enable_all');
  if (all !== undefined && flags.length > 1) fields.report(all.node, message('plan.flag.all'), 'warning');
  return flags.map(({ value }) => value);
}

/** Tests by `*`, `namespace` or `cluster/namespace`. */
function readTests(node: PlanNode | undefined, fields: PlanFieldReader, clusters: readonly string[]): MigrationPlan['tests'] {
  if (node === undefined) return {};
  if (node.kind !== 'object') {
    fields.reportShape(node, message('plan.expected.object'));
    return {};
  }
  const tests: Record<string, readonly string[]> = {};
  for (const { name, namePlace, value } of node.properties) {
    const [cluster, namespace, ...more] = name.split('/');
    if (more.length > 0 || name === '' || namespace === '') fields.report(namePlace, message('plan.test.name'));
    else if (namespace !== undefined && !clusters.includes(cluster ?? '')) fields.report(namePlace, unknownCluster(cluster ?? '', clusters));
    if (Object.hasOwn(tests, name)) fields.reportShape(namePlace, message('plan.field.twice', { field: name }));
    tests[name] = value === undefined ? [] : readCommand(value, fields);
  }
  return tests;
}

function readCommand(node: PlanNode, fields: PlanFieldReader): readonly string[] {
  if (node.kind === 'string') {
    fields.reportShape(node, message('plan.test.string'));
    return [];
  }
  if (node.kind === 'array' && node.items.length === 0) fields.reportShape(node, message('plan.test.empty'));
  // An argument may be empty, the command itself may not.
  return (fields.list(node) ?? []).flatMap((item, index) => {
    if (index > 0 && item.kind === 'string') return [item.value];
    return fields.text(item) ?? [];
  });
}

function unknownCluster(cluster: string, clusters: readonly string[]): ReturnType<typeof message> {
  return message('plan.cluster.unknown', { cluster, clusters: clusters.join(', ') });
}

function byOffset(one: PlanProblem, other: PlanProblem): number {
  return one.offset - other.offset || one.length - other.length;
}
