// Where the repository is, for tests that read its files; bundles are told by esbuild.js.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const REPOSITORY = process.env.MESH_CA_REPOSITORY ?? process.cwd();

export function readText(file: string): string {
  return readFileSync(path.join(REPOSITORY, file), 'utf8');
}

/** Parsed JSON of a file of the repository; the caller states its shape. */
export function readJson(file: string): unknown {
  return JSON.parse(readText(file));
}

/** Files below a folder with one of the endings, as paths relative to the repository with forward slashes. */
export function filesBelow(folder: string, ...endings: readonly string[]): string[] {
  return readdirSync(path.join(REPOSITORY, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(REPOSITORY, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.includes('node_modules/'))
    .sort();
}
