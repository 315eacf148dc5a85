// Stands in front of an API server and does to requests and watches what the faults in force say; without any it lets them through.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ApiFault, WatchFault, WatchTrouble } from './fault.js';
import { disturbRequest, disturbUpgrade } from './apiTroubles.js';
import type { RequestFilter } from './requestFilter.js';
import { accessRequestIn, matchesRequest } from './requestFilter.js';
import { disturbNewWatch, disturbOpenWatch } from './watchTroubles.js';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The side of the API server. */
export interface RequestGate {
  requests(serve: RequestListener): RequestListener;
  upgrades(serve: UpgradeListener): UpgradeListener;
  /** A TCP connection below TLS: only there a connection can be reset. */
  connected(connection: Duplex): void;
}

/** The side of whoever brings the faults. */
export interface GateControl {
  /** Returns how to end it; `whenUsedUp` is called when a fault for so many requests has met them all. */
  addApiFault(fault: ApiFault, whenUsedUp: () => void): () => void;
  /** Concerns the watches that are open and those to come. Returns how to end it for those to come. */
  addWatchFault(fault: WatchFault): () => void;
  /** How many open watches it was done to. */
  disturbWatches(trouble: WatchTrouble, requests: RequestFilter): number;
}

interface OpenWatch {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface ActiveApiFault {
  readonly fault: ApiFault;
  left: number;
  readonly whenUsedUp: () => void;
}

/** Cheap, because it is asked for every request. */
function mayBeWatch({ method, url = '' }: IncomingMessage): boolean {
  return method === 'GET' && url.includes('watch=');
}

export function createRequestGate(): RequestGate & GateControl {
  const apiFaults = new Set<ActiveApiFault>();
  const watchFaults = new Set<WatchFault>();
  const watches = new Set<OpenWatch>();
  const connections = new Map<number, Socket>();

  /** The fault that meets a request, with one use of it taken. */
  const faultFor = (request: IncomingMessage): ApiFault | undefined => {
    if (apiFaults.size === 0) return undefined;
    const access = accessRequestIn(request);
    const active = access && [...apiFaults].find(({ fault }) => matchesRequest(fault.requests, access));
    if (active === undefined) return undefined;
    active.left -= 1;
    if (active.left <= 0) {
      apiFaults.delete(active);
      active.whenUsedUp();
    }
    return active.fault;
  };

  const watchFaultFor = (request: IncomingMessage): WatchFault | undefined => {
    const access = accessRequestIn(request);
    return access?.verb === 'watch' ? [...watchFaults].find(({ requests }) => matchesRequest(requests, access)) : undefined;
  };

  const rememberWatch = (request: IncomingMessage, response: ServerResponse): void => {
    const watch = { request, response };
    watches.add(watch);
    response.once('close', () => watches.delete(watch));
  };

  /** Below TLS the connection has the same two ports. */
  const rawSocket = (request: IncomingMessage): Socket | undefined => connections.get(request.socket.remotePort ?? 0);

  const disturbWatches = (trouble: WatchTrouble, requests: RequestFilter): number => {
    const matching = [...watches].filter(({ request }) => {
      const access = accessRequestIn(request);
      return access?.verb === 'watch' && matchesRequest(requests, access);
    });
    for (const { response } of matching) disturbOpenWatch(response, trouble);
    return matching.length;
  };

  return {
    requests: (serve) => (request, response) => {
      const fault = faultFor(request);
      const go = (): void => {
        if (mayBeWatch(request)) {
          const watchFault = watchFaults.size === 0 ? undefined : watchFaultFor(request);
          if (watchFault !== undefined) {
            disturbNewWatch(response, watchFault.trouble);
            return;
          }
          rememberWatch(request, response);
        }
        serve(request, response);
      };
      if (fault === undefined) go();
      else disturbRequest(fault, { response, reset: () => rawSocket(request)?.resetAndDestroy() }, go);
    },
    upgrades: (serve) => (request, socket, head) => {
      const fault = faultFor(request);
      const go = (): void => { serve(request, socket, head); };
      if (fault === undefined) go();
      else disturbUpgrade(fault, { socket, reset: () => rawSocket(request)?.resetAndDestroy() }, go);
    },
    connected(connection) {
      const remotePort = connection instanceof Socket ? connection.remotePort : undefined;
      if (!(connection instanceof Socket) || remotePort === undefined) return;
      connections.set(remotePort, connection);
      connection.once('close', () => connections.delete(remotePort));
    },
    addApiFault(fault, whenUsedUp) {
      const active = { fault, left: fault.times ?? Infinity, whenUsedUp };
      apiFaults.add(active);
      return () => { apiFaults.delete(active); };
    },
    addWatchFault(fault) {
      watchFaults.add(fault);
      disturbWatches(fault.trouble, fault.requests);
      return () => { watchFaults.delete(fault); };
    },
    disturbWatches,
  };
}
