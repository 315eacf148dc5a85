// Where a running rehearsal can be reached, in a file for its owner alone, and how that file is found.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { REHEARSAL_EXTENSION } from '../../shared/istioNames.js';
import { fieldsAt, listAt, textAt } from '../api/json.js';

export const CONTROL_FILE = 'control.json';
/** Set by the launchers in a rehearsal's `bin`, for whatever they start. */
export const FOLDER_VARIABLE = 'MESH_CA_REHEARSAL';

export interface ControlPlace {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly token: string;
  /** The kubeconfig that the rehearsal wrote. */
  readonly kubeconfig: string;
}

/** Beside the target first, then renamed: a reader sees nothing or the whole. */
export async function writeControlFile(path: string, place: ControlPlace): Promise<void> {
  const draft = `${path}.tmp`;
  await writeFile(draft, `${JSON.stringify(place, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** Undefined when there is no such file, or it is none of a rehearsal's. */
export async function readControlFile(path: string): Promise<ControlPlace | undefined> {
  try {
    const json = JSON.parse(await readFile(path, 'utf8')) as unknown;
    const place = { url: textAt(json, 'url'), token: textAt(json, 'token'), kubeconfig: textAt(json, 'kubeconfig') };
    return place.url.startsWith('http://') && place.token !== '' ? place : undefined;
  } catch {
    return undefined;
  }
}

function controlFilesIn(kubeconfig: unknown): readonly string[] {
  const extensions = listAt(kubeconfig, 'clusters').flatMap((entry) => listAt(entry, 'cluster', 'extensions'));
  const ours = extensions.filter((extension) => textAt(extension, 'name') === REHEARSAL_EXTENSION);
  return ours.map((extension) => textAt(fieldsAt(extension, 'extension'), 'controlFile')).filter((path) => path !== '');
}

/** What the kubeconfig says about the rehearsal that wrote it. */
async function controlFileOf(kubeconfigPath: string): Promise<string | undefined> {
  try {
    return controlFilesIn(parse(await readFile(kubeconfigPath, 'utf8')) as unknown)[0];
  } catch {
    return undefined;
  }
}

/** What a client was told about where the rehearsal is; the first that is there counts. */
export interface ControlHints {
  readonly controlFile?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The file's path, or a sentence on why there is none. */
export async function findControlFile(hints: ControlHints): Promise<{ readonly path: string } | { readonly problem: string }> {
  if (hints.controlFile !== undefined) return { path: hints.controlFile };
  if (hints.kubeconfig !== undefined) {
    const path = await controlFileOf(hints.kubeconfig);
    return path === undefined ? { problem: `${hints.kubeconfig} is no kubeconfig of a rehearsal that can be controlled` } : { path };
  }
  const { [FOLDER_VARIABLE]: folder, KUBECONFIG: kubeconfig = '' } = hints.environment;
  if (folder !== undefined && folder !== '') return { path: join(folder, CONTROL_FILE) };
  // KUBECONFIG may list several files.
  for (const file of kubeconfig.split(delimiter)) {
    const path = await controlFileOf(file);
    if (path !== undefined) return { path };
  }
  return { problem: 'which rehearsal? Say --kubeconfig FILE with the kubeconfig that it wrote, or use one of its terminals' };
}
