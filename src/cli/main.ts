#!/usr/bin/env node
// Entry of `mesh-ca`: gives the command line its process. Everything it does stands in the modules it calls.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ProxyTransport } from '../app/ports.js';
import type { Core } from '../composeCore.js';
import { composeCore } from '../composeCore.js';
import { parseJson, textField } from '../shared/json.js';
import { localeOf, textRenderer } from '../shared/text/render.js';
import { runCommandLine } from './commandLine.js';
import { runRehearsal } from './rehearse.js';

async function main(): Promise<number> {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  // As POSIX does: the first one that is set and not empty.
  const language = [LC_ALL, LC_MESSAGES, LANG].find((name) => name !== undefined && name !== '');
  const cancel = new AbortController();
  const writeError = (text: string): void => void process.stderr.write(text);
  const stop = (): void => {
    cancel.abort();
  };
  const rehearsing = process.argv[2] === 'rehearse' || process.argv[2] === 'rehearsal';
  if (!rehearsing) process.once('SIGINT', stop).once('SIGTERM', stop);
  const openCore = (transport: ProxyTransport = 'automatic'): Promise<Core> => composeCore({ log: silentLog, proxyReading: { transport: () => transport } });
  const code = await runCommandLine(process.argv.slice(2), {
    render: textRenderer(localeOf(language)),
    language: localeOf(language),
    openWorld: openCore,
    openMigration: openCore,
    rehearse: (args) => runRehearsal(path.join(__dirname, 'rehearsal.js'), args, writeError),
    writeOut: (text) => void process.stdout.write(text),
    writeError,
    signal: cancel.signal,
    terminal: process.stderr.isTTY ? { write: writeError, columns: () => process.stderr.columns } : undefined,
    tool: `mesh-ca ${readVersion()}`,
  });
  return cancel.signal.aborted ? EXIT_INTERRUPTED : code;
}

/** Of the package that this file was delivered in. */
function readVersion(): string {
  try {
    return textField(parseJson(readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')), 'version') ?? '';
  } catch {
    return '';
  }
}

/** What shells report of a program that Ctrl+C ended. */
const EXIT_INTERRUPTED = 130;

const ignore = (): void => undefined;
/** What matters goes to stderr as a sentence of the report. */
const silentLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };

main().then(
  (code) => {
    // Not process.exit: what was written must still get through the pipe.
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`mesh-ca: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
