// What a streaming subresource of a pod (port-forward; later exec) has to say to be served over every transport.
import type { WebSocket } from 'ws';
import type { StoredObject } from '../kubeObject.js';
import type { SpdyStream } from './spdyConnection.js';

/** One upgraded connection to a pod. */
export interface PodStreamRequest {
  readonly pod: StoredObject;
  /** The query of the upgrade request: `ports`, `command`, `container` and so on. */
  readonly params: URLSearchParams;
}

export interface PodStreamKind {
  /** Subprotocols over plain WebSocket channels, best first, each with what serves it. */
  readonly channels: readonly { readonly protocol: string; readonly serve: (socket: WebSocket, request: PodStreamRequest) => void }[];
  /** Values of `X-Stream-Protocol-Version` over SPDY, best first. */
  readonly spdyProtocols: readonly string[];
  /** The WebSocket subprotocol in which the same SPDY bytes are tunnelled, if clients do that. */
  readonly tunnelProtocol?: string;
  /** Called once per SPDY connection; what it returns gets every stream that the client opens. */
  readonly serveSpdy: (request: PodStreamRequest) => (stream: SpdyStream) => void;
}
