// Classes of pods and sets of them, as small numbers: what injected a pod and what it trusts by now, by the rehearsal's rules.
import { anchorsOf, firstCertificate, receivePush, renewCertificate } from '../../../src/rehearsal/mesh/proxyTrust.js';
import type { ConfigPush, ProxyAgent, ProxyTrust, Signer } from '../../../src/rehearsal/mesh/proxyTrust.js';
import type { Revision } from './scene.js';

export interface PodClass {
  readonly id: number;
  readonly injector: Revision;
  /** It came with its certificate, which nobody renews and no push changes; what peers it takes and calls it hears like any other. */
  readonly hasOwnCertificate: boolean;
  /** None while it waits for its first certificate. */
  readonly trust: ProxyTrust | undefined;
  readonly anchors: readonly string[];
  /** It has a certificate and its first push: Ready, and everything delivered. */
  readonly isDelivered: boolean;
}

/** Old agents take no extra anchors; those of REVISION_1 and REVISION_2 do, and ask anew when they change. */
function agentOf(injector: Revision): ProxyAgent {
  const isNew = injector > 0;
  return { listensForAnchors: isNew, resignsOnNewAnchors: isNew, speaksMeshCa: isNew };
}

export type ClassSet = number;

/** Whoever answers a pod's requests, and what it is told: any of these. `source` names them. */
export interface Answers {
  readonly signers: readonly Signer[];
  readonly pushes: readonly ConfigPush[];
}

/** All classes and sets seen so far, each once. */
export interface PodClasses {
  at(id: number): PodClass;
  readonly count: () => number;
  pending(injector: Revision): PodClass;
  withOwnCertificate(injector: Revision): PodClass;
  /** What one pod of this class can become next: certificates by these signers (E3), pushes (E5). */
  next(pod: PodClass, source: string, answers: () => Answers): readonly number[];
  /** Sets are sorted ids; the empty one is 0. */
  set(ids: Iterable<number>): ClassSet;
  members(set: ClassSet): readonly number[];
}

const NEVER = 0;

/** The anchors of such a pod are the roots that came with its certificate. */
const OWN_CERTIFICATES: ProxyAgent = { listensForAnchors: false, resignsOnNewAnchors: false, speaksMeshCa: false };

/** `own` is who signed the certificates that pods bring. */
export function createPodClasses(own: Signer): PodClasses {
  const classes: PodClass[] = [];
  const byKey = new Map<string, PodClass>();
  const successors = new Map<string, readonly number[]>();
  const sets: (readonly number[])[] = [[]];
  const setIds = new Map<string, ClassSet>([['', 0]]);

  const intern = (injector: Revision, trust: ProxyTrust | undefined, hasOwnCertificate = false): PodClass => {
    const key = JSON.stringify([injector, trust?.signer, trust?.push, hasOwnCertificate]);
    const known = byKey.get(key);
    if (known !== undefined) return known;
    const anchors = trust === undefined ? [] : anchorsOf(hasOwnCertificate ? OWN_CERTIFICATES : agentOf(injector), trust);
    const made: PodClass = { id: classes.length, injector, hasOwnCertificate, trust, anchors, isDelivered: trust?.push !== undefined };
    classes.push(made);
    byKey.set(key, made);
    return made;
  };

  const become = ({ injector, hasOwnCertificate, trust }: PodClass, { signers, pushes }: Answers): readonly number[] => {
    if (hasOwnCertificate && trust !== undefined) return pushes.map((push) => intern(injector, receivePush(OWN_CERTIFICATES, trust, push, undefined, NEVER), true).id);
    const agent = agentOf(injector);
    if (trust === undefined) return signers.map((signer) => intern(injector, firstCertificate(signer, NEVER)).id);
    const renewed = signers.map((signer) => intern(injector, renewCertificate(agent, trust, signer, NEVER)).id);
    const answers = signers.length === 0 ? [undefined] : signers;
    const pushed = pushes.flatMap((push) => answers.map((signer) => intern(injector, receivePush(agent, trust, push, signer, NEVER)).id));
    return [...new Set([...renewed, ...pushed])];
  };

  return {
    at: (id) => classes[id]!,
    count: () => classes.length,
    pending: (injector) => intern(injector, undefined),
    withOwnCertificate: (injector) => intern(injector, firstCertificate(own, NEVER), true),
    next(pod, source, answers) {
      const key = `${pod.id} ${source}`;
      let found = successors.get(key);
      if (found === undefined) successors.set(key, (found = become(pod, answers())));
      return found;
    },
    set(ids) {
      const sorted = [...new Set(ids)].sort((a, b) => a - b);
      const key = sorted.join();
      let id = setIds.get(key);
      if (id === undefined) {
        id = sets.length;
        sets.push(sorted);
        setIds.set(key, id);
      }
      return id;
    },
    members: (set) => sets[set]!,
  };
}
