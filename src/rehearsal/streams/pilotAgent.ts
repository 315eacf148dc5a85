// `pilot-agent request` in a proxy's container: one HTTP request to Envoy's admin port, as Istio's agent makes it
// (pilot/cmd/pilot-agent/app/request.go and pilot/pkg/request/command.go).
import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Program } from './podProcess.js';

/** Opens a connection to a port inside the pod; throws when nothing listens there. */
export type ConnectToPort = (port: number) => Duplex;

const DEFAULT_PORT = 15000;
const ALLOWED_PORTS: readonly number[] = [15000, 15004, 15020, 15021];
/** `os.Exit(-1)` of the agent's main. */
const FAILED = 255;
const TIMEOUT_MS = 60_000;

interface AdminReply {
  readonly code: number;
  readonly body: Buffer;
}

function ask(connect: ConnectToPort, port: number, method: string, path: string, body: string): Promise<AdminReply> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { createConnection: () => connect(port), method, path: `/${path.replace(/^\//u, '')}`, host: 'localhost', port, headers: { connection: 'close' } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ code: response.statusCode ?? 0, body: Buffer.concat(chunks) });
        });
      },
    );
    const giveUp = setTimeout(() => outgoing.destroy(new Error('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')), TIMEOUT_MS);
    giveUp.unref();
    outgoing.once('close', () => { clearTimeout(giveUp); });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Arguments {
  readonly port: number;
  readonly words: readonly string[];
}

function readArguments(args: readonly string[]): Arguments {
  let port = DEFAULT_PORT;
  const words: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--debug-port') {
      index += 1;
      port = Number(args[index] ?? '');
    } else if (word.startsWith('--debug-port=')) port = Number(word.slice('--debug-port='.length));
    else words.push(word);
  }
  return { port, words };
}

/** The arguments after `pilot-agent`; every failure is exit code 255 with a line on stderr, but 404 is printed and counts as success. */
export function pilotAgent(args: readonly string[], connect: ConnectToPort): Program {
  return async ({ stdout, stderr }) => {
    const fail = (problem: string): number => {
      stderr.write(`Error: ${problem}\n`);
      return FAILED;
    };
    const [command, ...rest] = args;
    if (command !== 'request') return fail(`unknown command "${command ?? ''}" for "pilot-agent"`);
    const { port, words } = readArguments(rest);
    const [method, path, body = ''] = words;
    if (method === undefined || path === undefined) return fail(`requires at least 2 arg(s), only received ${words.length}`);
    if (!ALLOWED_PORTS.includes(port)) return fail(`debug port ${port} is not in allowed list ${ALLOWED_PORTS.join(', ')}`);
    const goMethod = method.charAt(0) + method.slice(1).toLowerCase();
    try {
      const reply = await ask(connect, port, method, path, body);
      if (reply.code > 399 && reply.code !== 404) return fail(`received unsuccessful status code ${reply.code}: ${reply.body.toString('utf8')}`);
      stdout.write(reply.body);
      stdout.write('\n');
      return 0;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const refused = reason.includes('connection refused') ? `dial tcp 127.0.0.1:${port}: connect: connection refused` : reason;
      return fail(`${goMethod} "http://localhost:${port}/${path.replace(/^\//u, '')}": ${refused}`);
    }
  };
}
