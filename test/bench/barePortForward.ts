// The least that asking a proxy can cost: one WebSocket, one GET written by hand, the answer's bytes counted and dropped.
import WebSocket from 'ws';
import type { ClusterConnection } from '../../src/adapters/kubernetes/clusterConnection.js';
import { SECRET_MASK } from '../../src/adapters/proxies/envoyProxyReader.js';
import { ENVOY_ADMIN_PORT } from '../../src/shared/istioNames.js';

const DATA_CHANNEL = 0;

/** What the survey asks for as well: the two secrets, without private keys. */
export const SECRETS_PATH = `/config_dump?resource=dynamic_active_secrets&${SECRET_MASK}`;

/** Resolves with the number of bytes that came back. */
export async function barePortForward(connection: ClusterConnection, namespace: string, pod: string): Promise<number> {
  const options = await connection.httpsOptions();
  const url = new URL(`/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${ENVOY_ADMIN_PORT}`, connection.server);
  url.protocol = 'wss:';
  const socket = new WebSocket(url, ['v4.channel.k8s.io'], { ...options, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    let bytes = 0;
    socket.once('open', () => {
      socket.send(Buffer.from(`\u0000GET ${SECRETS_PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`, 'latin1'));
    });
    socket.on('message', (frame: Buffer) => {
      if (frame[0] === DATA_CHANNEL) bytes += frame.length - 1;
    });
    socket.once('error', reject);
    // Envoy closes after the answer, and the API server passes that on.
    socket.once('close', () => {
      resolve(bytes);
    });
  });
}
