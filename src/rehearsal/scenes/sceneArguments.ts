// The options of a scene as they stand on the command line of a rehearsal.
import { MESH_CA_VARIANTS } from '../mesh/controlPlane.js';
import type { Scene } from './scene.js';
import { sceneOptionsProblem, sceneWith } from './sceneOptions.js';
import type { SceneOptions } from './sceneOptions.js';

/** To be spread into the options that `parseArgs` knows. */
export const SCENE_ARGUMENTS = {
  roots: { type: 'string' },
  'fleet-project': { type: 'string' },
  pods: { type: 'string' },
  namespaces: { type: 'string' },
  'with-awkward': { type: 'boolean' },
  'native-sidecars': { type: 'boolean' },
  keys: { type: 'string' },
  'mesh-ca': { type: 'string' },
} as const;

/** To stand among the lines of the usage. */
export const SCENE_USAGE = `  --roots same|different    one plugged-in root for both clusters, or a self-signed one in each
  --fleet-project NAME      the fleet's project, where it is not the clusters' own
  --pods N, --namespaces M  so many more pods and namespaces in each cluster, up to 5000 and 500
  --with-awkward            a workload of each kind that migrations trip over
  --native-sidecars         proxies run as init containers
  --keys rsa|ec             of workload certificates and of a plugged-in CA
  --mesh-ca VARIANT         what a Mesh CA control plane does beside: ${MESH_CA_VARIANTS.join(', ')}
`;

export interface SceneArgumentValues {
  readonly roots?: string | undefined;
  readonly 'fleet-project'?: string | undefined;
  readonly pods?: string | undefined;
  readonly namespaces?: string | undefined;
  readonly 'with-awkward'?: boolean | undefined;
  readonly 'native-sidecars'?: boolean | undefined;
  readonly keys?: string | undefined;
  readonly 'mesh-ca'?: string | undefined;
}

class Problem extends Error {}

/** One of the words, or nothing where nothing was said. */
function oneOf<Word extends string>(option: string, words: readonly Word[], text: string | undefined): Word | undefined {
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new Problem(`--${option} takes ${words.join(', ')}, not "${text}"`);
  return word;
}

/** A GCP project id. */
function project(text: string | undefined): string | undefined {
  if (text === undefined || /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/u.test(text)) return text;
  throw new Problem(`--fleet-project takes a project id of 6 to 30 lower-case letters, digits and dashes, not "${text}"`);
}

function count(text: string | undefined): number | undefined {
  return text === undefined ? undefined : /^\d+$/u.test(text) ? Number(text) : Number.NaN;
}

function readSceneOptions(values: SceneArgumentValues): SceneOptions {
  const read = {
    roots: oneOf('roots', ['same', 'different'], values.roots),
    fleetProject: project(values['fleet-project']),
    pods: count(values.pods),
    namespaces: count(values.namespaces),
    withAwkward: values['with-awkward'],
    nativeSidecars: values['native-sidecars'],
    keys: oneOf('keys', ['rsa', 'ec'], values.keys),
    meshCaVariant: oneOf('mesh-ca', MESH_CA_VARIANTS, values['mesh-ca']),
  };
  const options = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as SceneOptions;
  const problem = sceneOptionsProblem(options);
  if (problem !== undefined) throw new Problem(problem);
  return options;
}

/** The scene varied as the command line says, or what is wrong with it in one sentence. */
export function varyScene(scene: Scene, values: SceneArgumentValues): { readonly scene: Scene } | { readonly problem: string } {
  try {
    return { scene: sceneWith(scene, readSceneOptions(values)) };
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    throw error;
  }
}
