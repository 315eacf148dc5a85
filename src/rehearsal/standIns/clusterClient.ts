// Talks to the API server of one simulated cluster, as the kubectl and istioctl inside asmcli do: with the user's credentials.
import https from 'node:https';
import { isObject, textAt } from '../api/json.js';
import { RESOURCES } from '../api/resources.js';
import type { KubeObject, StoredObject } from '../kubeObject.js';

/** What the API server refused, in its words. */
export class ApiRefusal extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export interface ClusterClient {
  /** Undefined when there is no such object. Rejects with `ApiRefusal`, or with the network's error. */
  get(kind: string, namespace: string | undefined, name: string): Promise<StoredObject | undefined>;
  list(kind: string, namespace: string | undefined, labelSelector: string): Promise<readonly StoredObject[]>;
  create(object: KubeObject): Promise<void>;
  /** Server-side, with force, as istioctl applies. */
  apply(object: KubeObject, manager: string): Promise<void>;
  /** Puts the object in the place of the one that is there, or creates it. */
  replace(object: KubeObject): Promise<void>;
  /** A JSON merge patch. */
  patch(kind: string, namespace: string | undefined, name: string, patch: unknown): Promise<void>;
}

interface Access {
  readonly server: string;
  readonly certificateAuthorityPem: string;
  readonly token: string;
}

/** The URL path of a kind's collection. */
function collection(kind: string, namespace: string | undefined): string {
  const resource = RESOURCES.find((candidate) => candidate.kind === kind);
  if (resource === undefined) throw new Error(`the rehearsal serves no ${kind}`);
  const { group, plural, namespaced } = resource;
  const [version] = resource.versions;
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${base}${namespaced && namespace !== undefined ? `/namespaces/${namespace}` : ''}/${plural}`;
}

function request(access: Access, method: string, path: string, body?: { readonly type: string; readonly value: unknown }): Promise<unknown> {
  const text = body && JSON.stringify(body.value);
  const headers: Record<string, string> = { authorization: `Bearer ${access.token}`, accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = body.type;
  return new Promise((resolve, reject) => {
    const call = https.request(
      new URL(path, access.server),
      { method, headers, ca: access.certificateAuthorityPem, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const code = response.statusCode ?? 0;
          const answer = Buffer.concat(chunks).toString();
          if (code < 300) resolve(JSON.parse(answer));
          else reject(new ApiRefusal(code, messageIn(answer)));
        });
      },
    );
    call.on('error', reject);
    call.end(text);
  });
}

/** The message of a `Status`, or whatever else was answered. */
function messageIn(answer: string): string {
  try {
    const status: unknown = JSON.parse(answer);
    return isObject(status) ? textAt(status, 'message') : answer;
  } catch {
    return answer;
  }
}

export function createClusterClient(access: Access): ClusterClient {
  const at = (object: KubeObject): string => collection(object.kind, object.metadata.namespace);
  const client: ClusterClient = {
    async get(kind, namespace, name) {
      try {
        return (await request(access, 'GET', `${collection(kind, namespace)}/${name}`)) as StoredObject;
      } catch (error) {
        if (error instanceof ApiRefusal && error.code === 404) return undefined;
        throw error;
      }
    },
    async list(kind, namespace, labelSelector) {
      const query = labelSelector === '' ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
      const { items } = (await request(access, 'GET', `${collection(kind, namespace)}${query}`)) as { items: StoredObject[] };
      return items;
    },
    async create(object) {
      await request(access, 'POST', at(object), { type: 'application/json', value: object });
    },
    async apply(object, manager) {
      const path = `${at(object)}/${object.metadata.name}?fieldManager=${manager}&force=true`;
      await request(access, 'PATCH', path, { type: 'application/apply-patch+yaml', value: object });
    },
    async replace(object) {
      const { namespace, name } = object.metadata;
      const present = await client.get(object.kind, namespace, name);
      if (present === undefined) return client.create(object);
      const metadata = { ...present.metadata, ...object.metadata };
      await request(access, 'PUT', `${at(object)}/${name}`, { type: 'application/json', value: { ...present, ...object, metadata } });
    },
    async patch(kind, namespace, name, value) {
      await request(access, 'PATCH', `${collection(kind, namespace)}/${name}`, { type: 'application/merge-patch+json', value });
    },
  };
  return client;
}
