// Follows a watch over real HTTPS, event by event.
import https from 'node:https';
import { readDocument } from './rehearsalApiDocument.js';
import type { ApiDocument } from './rehearsalApiDocument.js';
import type { TestApi } from './rehearsalApi.js';
import { headersOf } from './rehearsalApi.js';

export interface WatchEvent {
  readonly type: string;
  readonly object: ApiDocument;
}

export interface TestWatch {
  readonly code: number;
  /** The next event, or undefined when the server has ended the watch. */
  next(): Promise<WatchEvent | undefined>;
  /** As many events as asked for. */
  take(count: number): Promise<readonly WatchEvent[]>;
  stop(): void;
}

/** Resolves when the server has answered with headers. */
export function openWatch(api: TestApi, path: string, accept?: string): Promise<TestWatch> {
  return new Promise((resolve, reject) => {
    const options = { ca: api.certificate.cert, agent: false as const, headers: headersOf(accept === undefined ? {} : { accept }) };
    const request = https.get(api.server.url + path, options, (response) => {
      let text = '';
      let ended = false;
      const waiting: (() => void)[] = [];
      const wake = (): void => {
        for (const resume of waiting.splice(0)) resume();
      };
      const end = (): void => {
        ended = true;
        wake();
      };
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        wake();
      });
      response.on('end', end);
      response.on('close', end);
      response.on('error', end);
      const next = async (): Promise<WatchEvent | undefined> => {
        while (!text.includes('\n') && !ended) await new Promise<void>((resume) => waiting.push(resume));
        const newline = text.indexOf('\n');
        if (newline < 0) return undefined;
        const line = text.slice(0, newline);
        text = text.slice(newline + 1);
        const { type, object } = JSON.parse(line) as { type: string; object: unknown };
        return { type, object: readDocument(object) };
      };
      const take = async (count: number): Promise<readonly WatchEvent[]> => {
        const events: WatchEvent[] = [];
        while (events.length < count) {
          const event = await next();
          if (!event) throw new Error(`the watch ended after ${events.length} of ${count} events`);
          events.push(event);
        }
        return events;
      };
      resolve({ code: response.statusCode ?? 0, next, take, stop: () => request.destroy() });
    });
    request.on('error', reject);
  });
}
