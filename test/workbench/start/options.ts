// The command line of `npm start`.
import { parseArgs } from 'node:util';
import { isThemeName, themes } from '../machineSettings.js';
import type { ThemeName } from '../machineSettings.js';

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly desktop: boolean;
  readonly scene: string | undefined;
  /** A second control plane that is there from the start, to migrate to. */
  readonly withRevision: string;
  /** A port, or a range of which the first free one is taken. */
  readonly port: string;
  readonly locale: 'en' | 'ko';
  readonly theme: ThemeName;
}

/** What `npm start -- --help` prints. */
export const usage = `npm start -- [options]
  --scene NAME          the mesh to rehearse on
  --with-revision NAME  the second control plane that is already installed
  --port N              the port of the address (default: the first free one from 8900)
  --locale en|ko        the language (default: en)
  --theme NAME          ${Object.keys(themes).join(' | ')} (default: dark)
  --desktop             a desktop VS Code, downloaded; the default on macOS and Windows
  --help                this text
`;

/** Reads the command line; undefined when help was asked for, an error when it says what cannot be. */
export function readStartOptions(args: readonly string[]): StartOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      desktop: { type: 'boolean', default: process.platform !== 'linux' },
      scene: { type: 'string' },
      'with-revision': { type: 'string', default: 'asm-1232-2-distribute-root' },
      port: { type: 'string', default: '8900-8999' },
      locale: { type: 'string', default: 'en' },
      theme: { type: 'string', default: 'dark' },
      help: { type: 'boolean', default: false },
    },
  });
  const { desktop, scene, port, locale, theme } = values;
  if (values.help) return undefined;
  if (!/^\d+(-\d+)?$/.test(port)) throw new Error(`--port ${port}: a number, or a range FROM-TO`);
  if (locale !== 'en' && locale !== 'ko') throw new Error(`--locale ${locale}: en or ko`);
  if (!isThemeName(theme)) throw new Error(`--theme ${theme}: ${Object.keys(themes).join(', ')}`);
  return { desktop, scene, withRevision: values['with-revision'], port, locale, theme };
}
