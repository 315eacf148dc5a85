// Where the repository, its builds and its git-ignored set-up lie, whatever folder a bundle is started from.
import path from 'node:path';

/** The root of the repository; esbuild.js writes it into every test bundle. */
export const repository = process.env.MESH_CA_REPOSITORY ?? process.cwd();

/** What was installed or downloaded to run a VS Code; ignored by git and by the package, safe to delete. */
export const setupFolder = path.join(repository, '.vscode-test');

/** Logs of the servers that tests and `npm start` ran. */
export const logFolder = path.join(setupFolder, 'logs');

/** Where each suite leaves its results for `npm test` to add up. */
export const reportFolder = path.join(setupFolder, 'reports');

/** The command-line tool, as built. */
export const commandLineTool = path.join(repository, 'dist', 'cli.js');
