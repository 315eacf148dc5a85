// Brings one fault upon one cluster, and knows how it is undone.
import type { DenyRule } from '../api/accessPolicy.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import type { ServedCluster } from '../servedCluster.js';
import type { Fault } from './fault.js';
import type { EndFault } from './faultRegistry.js';
import { revertLabels } from './labelReverter.js';
import { podMatcher } from './podFilter.js';
import { startPod } from './podMoves.js';
import type { RequestFilter } from './requestFilter.js';

export interface FaultPlace {
  readonly cluster: ServedCluster;
  readonly clock: RehearsalClock;
  /** Called when a fault is over by itself. */
  readonly isOver: () => void;
  /** Writes the kubeconfig with the tokens of now. */
  readonly writeKubeconfig: () => Promise<void>;
}

/** How to undo it, or a sentence on why it could not begin. */
export type BegunFault = { readonly end: EndFault } | { readonly problem: string };

function denyRule({ verb, resource, namespace }: RequestFilter): DenyRule {
  return {
    ...(verb === undefined ? {} : { verbs: [verb] }),
    ...(resource === undefined ? {} : { resources: [resource] }),
    ...(namespace === undefined ? {} : { namespaces: [namespace] }),
  };
}

/** Each pod goes before the next one comes: a job that takes as long as the pause. */
function startPods({ cluster, clock }: FaultPlace, { namespace, name, seconds }: Extract<Fault, { kind: 'cron' }>): EndFault {
  const state: { callOff: () => void } = { callOff: () => undefined };
  const next = (): void => {
    startPod(cluster.simulation.backend, { namespace, name, labels: {} });
    state.callOff = clock.schedule(seconds * 1000, next);
  };
  next();
  return () => { state.callOff(); };
}

/** Everybody gets a new certificate at once, and again when it is over: nobody is left with one that runs out. */
function shortenCertificates({ cluster }: FaultPlace, ms: number): BegunFault {
  const renewAll = (): void => {
    for (const { metadata } of cluster.store.list('pods')) cluster.simulation.renewCertificate(metadata.namespace ?? '', metadata.name);
  };
  cluster.meshTroubles.setCertificateLifetime(ms);
  renewAll();
  return {
    end: () => {
      cluster.meshTroubles.setCertificateLifetime(undefined);
      renewAll();
    },
  };
}

async function takeDown({ cluster }: FaultPlace): Promise<BegunFault> {
  await cluster.goDown();
  return { end: () => cluster.comeUp() };
}

function expireToken({ cluster, writeKubeconfig }: FaultPlace): BegunFault {
  cluster.expireToken();
  return {
    end: () => {
      cluster.renewToken();
      return writeKubeconfig();
    },
  };
}

export async function beginFault(place: FaultPlace, fault: Fault): Promise<BegunFault> {
  const { cluster } = place;
  switch (fault.kind) {
    case 'api':
      return { end: cluster.gate.addApiFault(fault, place.isOver) };
    case 'watch':
      return { end: cluster.gate.addWatchFault(fault) };
    case 'admin':
      return { end: cluster.adminTroubles.add(fault) };
    case 'crash':
      return { end: cluster.simulation.restarts.keepCrashing(podMatcher(fault.pods), fault.container) };
    case 'caOutage':
      return { end: cluster.meshTroubles.add(fault) };
    case 'push': {
      const end = cluster.meshTroubles.add(fault);
      return {
        end: () => {
          end();
          cluster.simulation.pushAgain();
        },
      };
    }
    case 'shortCertificates':
      return shortenCertificates(place, fault.seconds * 1000);
    case 'forbid':
      return { end: cluster.alsoDeny(denyRule(fault.requests)) };
    case 'gitops': {
      const end = revertLabels({ store: cluster.store, clock: place.clock }, fault);
      return end === undefined ? { problem: `there is no namespace ${fault.namespace}` } : { end };
    }
    case 'cron':
      return { end: startPods(place, fault) };
    case 'tokenExpired':
      return expireToken(place);
    case 'down':
      return takeDown(place);
  }
}
