// Certificate requests that nobody answers and pushes that come late or never, for the pods that faults name.
import type { MeshFaults } from '../mesh/meshFaults.js';
import type { StoredPod } from '../mesh/podTypes.js';
import type { Fault } from './fault.js';
import { podMatcher } from './podFilter.js';

export interface MeshTroubles extends MeshFaults {
  /** Certificates given out from now on last so long; undefined: as long as ever. */
  setCertificateLifetime(ms: number | undefined): void;
  /** Returns how to end it. */
  add(fault: Extract<Fault, { kind: 'caOutage' | 'push' }>): () => void;
}

export function createMeshTroubles(): MeshTroubles {
  const outages = new Set<(pod: StoredPod) => boolean>();
  const pushes = new Set<{ readonly matches: (pod: StoredPod) => boolean; readonly delay: number | 'lost' }>();
  const lifetime: { ms?: number | undefined } = {};
  return {
    certificateLifetimeMs: () => lifetime.ms,
    setCertificateLifetime(ms) {
      lifetime.ms = ms;
    },
    refusesCertificate: (pod) => [...outages].some((matches) => matches(pod)),
    pushDelay: (pod) => [...pushes].find(({ matches }) => matches(pod))?.delay ?? 0,
    add(fault) {
      const matches = podMatcher(fault.pods);
      if (fault.kind === 'caOutage') {
        outages.add(matches);
        return () => { outages.delete(matches); };
      }
      const push = { matches, delay: fault.seconds === undefined ? ('lost' as const) : fault.seconds * 1000 };
      pushes.add(push);
      return () => { pushes.delete(push); };
    },
  };
}
