// From a survey's readings to the classes of proxies and who of them can authenticate whom, over all clusters.
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Authentication } from '../../domain/trust/authentication.js';
import { authenticationRow } from '../../domain/trust/authentication.js';
import type { TrustClass } from '../../domain/trust/trustClasses.js';
import { ProxyClasses } from '../../domain/trust/trustClasses.js';
import type { InboundSample } from './inboundSamples.js';
import type { ProxyTarget } from './proxyTargets.js';
import type { Work } from './stretches.js';
import { each, finish } from './stretches.js';
import type { ProxyRecord } from './surveyRecord.js';
import { proxyRecords } from './surveyRecord.js';
import type { ProxyReading } from './trustSurvey.js';

export interface TrustMatrix {
  readonly classes: readonly TrustClass<ProxyTarget>[];
  /** `grid[client][server]`, by the places of the classes. */
  readonly grid: readonly (readonly Authentication[])[];
}

/** The matrix of these proxies; classes and their members come in the order of the readings. */
export function trustMatrix(
  readings: readonly ProxyReading[],
  snapshots: readonly ClusterSnapshot[],
  now: number,
  samples: Iterable<InboundSample> = [],
): TrustMatrix {
  return matrixOf(finish(proxyRecords(readings, snapshots, samples)), now);
}

/** The same of proxies whose accepted domains are known already. */
export function matrixOf(proxies: Iterable<ProxyRecord>, now: number): TrustMatrix {
  return finish(matrixWork([...proxies], now));
}

/** The same in stretches. */
export function* matrixWork(proxies: readonly ProxyRecord[], now: number): Work<TrustMatrix> {
  const found = new ProxyClasses<ProxyTarget>(now);
  yield* each(proxies, ({ target, trust, domains, mtls }) => {
    found.add({ member: target, trust, domains, mtls });
  });
  const classes = found.list();
  return { classes, grid: yield* gridWork(classes, now) };
}

/** Row by row the clients, column by column the servers: classes times classes, however many proxies there are. */
export function* gridWork(classes: readonly TrustClass<unknown>[], now: number): Work<TrustMatrix['grid']> {
  const grid: (readonly Authentication[])[] = [];
  for (const client of classes) {
    grid.push(authenticationRow(client, classes, now));
    yield;
  }
  return grid;
}
