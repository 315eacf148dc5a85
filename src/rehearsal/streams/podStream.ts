// What a streaming subresource of a pod (port-forward, exec) has to say to be served over every transport.
import type { WebSocket } from 'ws';
import type { StoredObject } from '../kubeObject.js';
import type { SpdyStream } from './spdyConnection.js';

/** One upgraded connection to a pod. */
export interface PodStreamRequest {
  readonly pod: StoredObject;
  /** The query of the upgrade request: `ports`, `command`, `container` and so on. */
  readonly params: URLSearchParams;
}

/** One SPDY connection, for those who have to end it when their work is done. */
export interface SpdyEnd {
  end(): void;
}

/** A subprotocol over plain WebSocket channels. */
export interface ChannelProtocol {
  readonly protocol: string;
  readonly serve: (socket: WebSocket, request: PodStreamRequest) => void;
}

export interface PodStreamKind {
  /** Throws what refuses a request before the connection is upgraded. */
  readonly check?: (request: PodStreamRequest) => void;
  /** Best first. */
  readonly channels: readonly ChannelProtocol[];
  /** Values of `X-Stream-Protocol-Version` over SPDY, best first. */
  readonly spdyProtocols: readonly string[];
  /** The WebSocket subprotocol in which the same SPDY bytes are tunnelled, if clients do that. */
  readonly tunnelProtocol?: string;
  /** Called once per SPDY connection; what it returns gets every stream that the client opens. */
  readonly serveSpdy: (request: PodStreamRequest, connection: SpdyEnd) => (stream: SpdyStream) => void;
}
