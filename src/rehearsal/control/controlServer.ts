// The door by which a running rehearsal takes commands: HTTP on loopback, for whoever has the token of its control file.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authenticate } from '../api/authentication.js';
import { CommandProblem, readRequest } from './commandWords.js';
import { parseCommand } from './controlArguments.js';
import type { ControlCommand, ControlReply } from './controlCommands.js';

export const COMMANDS_PATH = '/commands';
/** A command is a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;

export interface ControlServer {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

/** Carries out a command; throws `CommandProblem` when the mesh is not such that it could. */
export type RunCommand = (command: ControlCommand) => Promise<readonly string[]>;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new CommandProblem('the command is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new CommandProblem('the command is not JSON');
  }
}

function reply(response: ServerResponse, code: number, body: ControlReply): void {
  response.writeHead(code, { 'content-type': 'application/json', connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function serve(request: IncomingMessage, response: ServerResponse, token: string, run: RunCommand): Promise<void> {
  try {
    authenticate(request.headers, token);
  } catch {
    reply(response, 401, { problem: 'the token is not that of this rehearsal' });
    return;
  }
  if (request.method !== 'POST' || request.url !== COMMANDS_PATH) {
    reply(response, 404, { problem: `commands are sent by POST to ${COMMANDS_PATH}` });
    return;
  }
  try {
    reply(response, 200, { lines: await run(parseCommand(readRequest(await readJson(request)))) });
  } catch (error) {
    const isProblem = error instanceof CommandProblem;
    reply(response, isProblem ? 400 : 500, { problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Listens when it resolves, on any free port. Commands are carried out one after another. */
export async function startControlServer(run: RunCommand): Promise<ControlServer> {
  const token = randomBytes(24).toString('base64url');
  let last: Promise<unknown> = Promise.resolve();
  const inTurn: RunCommand = (command) => {
    const result = last.then(() => run(command));
    last = result.catch(() => undefined);
    return result;
  };
  const server = createServer((request, response) => {
    void serve(request, response, token, inTurn);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => { resolve(); });
        server.closeAllConnections();
      }),
  };
}
