// The text of a new plan file: what was chosen, with a comment where something may be added. Reading it gives no problem.
import { gkeName } from '../cluster.js';
import type { ClusterRef } from '../cluster.js';
import type { MigrationPlan } from './migrationPlan.js';
import { DEFAULT_WAVE_SIZE } from './planFields.js';

export interface NewPlan extends Pick<MigrationPlan, 'startingPoint' | 'fleetProject' | 'revision1' | 'revision2' | 'backupDirectory'> {
  /** The kubeconfig as it is to stand in the file. */
  readonly clusters: readonly (ClusterRef & { readonly outputDirectory: string })[];
  /** What stands in the file where a person has to know it; names of clusters that gcloud did not name. */
  readonly comments: PlanComments;
}

/** Lines in the language of whoever creates the plan. */
export interface PlanComments {
  readonly head: string;
  readonly overlays: string;
  readonly tests: string;
  readonly waivers: string;
}

export function planText({ startingPoint, fleetProject, revision1, revision2, backupDirectory, clusters, comments }: NewPlan): string {
  const lines = [
    '{',
    `  // ${comments.head}`,
    '  "version": 1,',
    `  "startingPoint": ${quoted(startingPoint)},`,
    `  "fleetProject": ${quoted(fleetProject)},`,
    `  "revision1": ${quoted(revision1)},`,
    `  "revision2": ${quoted(revision2)},`,
    `  // ${comments.overlays}`,
    '  "clusters": [',
    ...clusters.flatMap((cluster, index) => clusterLines(cluster, fleetProject, index === clusters.length - 1)),
    '  ],',
    `  "waveSize": ${DEFAULT_WAVE_SIZE},`,
    `  // ${comments.tests}`,
    '  "tests": {},',
    `  // ${comments.waivers}`,
    // VS Code marks a comma after the last one as an error.
    ...(backupDirectory === undefined ? ['  "waivers": []'] : ['  "waivers": [],', `  "backupDirectory": ${quoted(backupDirectory)}`]),
    '}',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function clusterLines({ kubeconfig, context, outputDirectory }: NewPlan['clusters'][number], project: string, isLast: boolean): readonly string[] {
  const identity = gkeName(context) === undefined ? [`      "project": ${quoted(project)},`, '      "location": "",', '      "name": "",'] : [];
  return [
    '    {',
    `      "kubeconfig": ${quoted(kubeconfig)},`,
    `      "context": ${quoted(context)},`,
    ...identity,
    `      "outputDirectory": ${quoted(outputDirectory)}`,
    isLast ? '    }' : '    },',
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
