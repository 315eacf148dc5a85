// The side of the rehearsal's control channel that asks: used by its command line and by the stand-ins for other tools.
import { request } from 'node:http';
import { isObject } from '../api/json.js';
import { findControlFile, readControlFile } from './controlFile.js';
import type { ControlHints, ControlPlace } from './controlFile.js';
import type { ControlReply, ControlRequest } from './controlCommands.js';
import { COMMANDS_PATH } from './controlServer.js';

/** The rehearsal did not answer at all; a sentence that says why. */
export interface NoRehearsal {
  readonly unreachable: string;
}

function replyIn(text: string): ControlReply {
  const json = JSON.parse(text) as unknown;
  if (isObject(json) && typeof json.problem === 'string') return { problem: json.problem };
  if (isObject(json) && Array.isArray(json.lines)) return { lines: json.lines.map(String) };
  throw new Error('the answer is not that of a rehearsal');
}

function post(place: ControlPlace, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${place.token}`, 'content-type': 'application/json' };
    const outgoing = request(place.url + COMMANDS_PATH, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => { resolve(Buffer.concat(chunks).toString('utf8')); });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Where the rehearsal is that the hints are about. */
export async function findRehearsal(hints: ControlHints): Promise<ControlPlace | NoRehearsal> {
  const found = await findControlFile(hints);
  if ('problem' in found) return { unreachable: found.problem };
  const place = await readControlFile(found.path);
  return place ?? { unreachable: `the rehearsal has ended: there is no ${found.path}` };
}

/** Sends one command and waits until it is carried out. */
export async function sendCommand(place: ControlPlace, command: ControlRequest): Promise<ControlReply | NoRehearsal> {
  try {
    return replyIn(await post(place, JSON.stringify(command)));
  } catch (error) {
    return { unreachable: `the rehearsal does not answer: ${error instanceof Error ? error.message : String(error)}` };
  }
}
