// Starts the rehearsal's API server on a free port over an in-memory cluster, and asks it over real HTTPS.
import https from 'node:https';
import type { ApiServer, ApiServerOptions, ServedRequest } from '../../src/rehearsal/api/apiServer.js';
import { startApiServer } from '../../src/rehearsal/api/apiServer.js';
import { readDocument } from './rehearsalApiDocument.js';
import type { ApiDocument } from './rehearsalApiDocument.js';
import { createInMemoryCluster } from './rehearsalApiBackend.js';
import type { InMemoryCluster, InMemoryClusterOptions } from './rehearsalApiBackend.js';
import { sharedCertificate } from './rehearsalApiCertificate.js';
import type { ServerCertificate } from './rehearsalApiCertificate.js';

export const TOKEN = 'a-token-for-tests';

export interface TestReply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON. */
  readonly json: ApiDocument;
}

export interface TestRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** null sends none. */
  readonly token?: string | null;
}

export interface TestApi {
  readonly server: ApiServer;
  readonly cluster: InMemoryCluster;
  readonly certificate: ServerCertificate;
  readonly served: readonly ServedRequest[];
  request(path: string, request?: TestRequest): Promise<TestReply>;
  close(): Promise<void>;
}

function bodyOf(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Headers of a request with the right token. */
export function headersOf({ contentType, accept, token = TOKEN }: TestRequest): Record<string, string> {
  return {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(accept === undefined ? {} : { accept }),
  };
}

export async function startTestApi(
  options: InMemoryClusterOptions & Partial<Pick<ApiServerOptions, 'access' | 'users'>> & { cluster?: InMemoryCluster; certificate?: ServerCertificate } = {},
): Promise<TestApi> {
  const cluster = options.cluster ?? createInMemoryCluster(options);
  const certificate = options.certificate ?? sharedCertificate();
  const served: ServedRequest[] = [];
  const server = await startApiServer({
    backend: cluster.backend,
    listen: { host: '127.0.0.1', port: 0 },
    tls: certificate,
    token: TOKEN,
    ...(options.access ? { access: options.access } : {}),
    ...(options.users ? { users: options.users } : {}),
    now: options.now ?? (() => new Date()),
    log: (entry) => served.push(entry),
  });
  const agent = new https.Agent({ ca: certificate.cert, keepAlive: true });
  return {
    server,
    cluster,
    certificate,
    served,
    request: (path, request = {}) =>
      new Promise((resolve, reject) => {
        const body = bodyOf(request.body);
        // Node frames no body of a DELETE by itself.
        const headers = { ...headersOf(request), ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) };
        const outgoing = https.request(server.url + path, { agent, method: request.method ?? 'GET', headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ code: response.statusCode ?? 0, headers: response.headers, text, json: readDocument(parseJson(text)) });
          });
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}
