// What is worth knowing about a cluster before it is migrated, though no gate turns on it: said, and left to people.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { controlPlanes } from '../mesh/controlPlanes.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import { configConcerns } from './configConcerns.js';
import { loadedPresentCa } from './controlPlaneFacts.js';
import type { ClusterEvidence } from './gateInputs.js';
import { laggingRoots, staleBundles } from './publishedTrust.js';
import { rolloutConcerns } from './rolloutConcerns.js';

const DAY_MS = 86_400_000;
/** A migration takes weeks; linkerd's checks warn as early. */
const SOON_DAYS = 60;

/** Istio releases that hand on one root of several, with the issue that says so (istio#55835 says it of 1.24.4 too). */
const ONE_ROOT_ONLY: readonly { readonly version: RegExp; readonly issue: string }[] = [{ version: /^1\.(24\.4|25\.1)(-|$)/, issue: 'istio#55793' }];

/** Of one cluster; what is unread concerns nobody here, gates say it. */
export function concernsOf(
  snapshot: ClusterSnapshot,
  evidence: ClusterEvidence | undefined,
  plan: MigrationPlan | undefined,
  now: number,
): readonly Message[] {
  return [
    ...releases(snapshot),
    ...configConcerns(snapshot, plan),
    ...laggingRoots(snapshot),
    ...staleBundles(snapshot),
    ...staleCas(snapshot),
    ...(evidence === undefined ? [] : certificates(evidence, now)),
    ...rolloutConcerns(snapshot),
  ];
}

function releases(snapshot: ClusterSnapshot): readonly Message[] {
  return controlPlanes(snapshot).flatMap(({ revision, version }) => {
    const known = version === undefined ? undefined : ONE_ROOT_ONLY.find((entry) => entry.version.test(version));
    return version === undefined || known === undefined ? [] : [message('concerns.oneRootOnly', { revision, version, issue: known.issue })];
  });
}

/** Whether the next restart of an istiod, an eviction say, changes who signs: its CA Secret is another than the one it started with. */
function staleCas(snapshot: ClusterSnapshot): readonly Message[] {
  return controlPlanes(snapshot)
    .filter((view) => view.pods.length > 0 && loadedPresentCa(view, snapshot) === false)
    .map(({ revision }) => message('concerns.caNotLoaded', { revision }));
}

function certificates({ proxies }: ClusterEvidence, now: number): readonly Message[] {
  const subjects = new Map<string, string>();
  const doubled = new Set<string>();
  const ending = new Map<string, Message>();
  const days = (end: number): number => Math.floor((end - now) / DAY_MS);
  for (const { namespace, pod, trust } of proxies.values()) {
    if (!trust.ok || trust.value.anchors.state !== 'active') continue;
    subjects.clear();
    for (const { subject, fingerprint, notAfter } of trust.value.anchors.value) {
      if ((subjects.get(subject) ?? fingerprint) !== fingerprint) doubled.add(subject);
      subjects.set(subject, fingerprint);
      if (days(notAfter) < SOON_DAYS) ending.set(fingerprint, message('concerns.rootEnds', { subject, days: days(notAfter) }));
    }
    const certificate = trust.value.certificate.state === 'active' ? trust.value.certificate.value : undefined;
    const end = certificate?.intermediatesNotAfter;
    if (end === undefined || days(end) >= SOON_DAYS) continue;
    // One is enough: the same intermediate signed for all of them.
    const key = `intermediate ${certificate?.chain[1]?.fingerprint ?? ''}`;
    if (!ending.has(key)) ending.set(key, message('concerns.intermediateEnds', { workload: `${namespace}/${pod}`, days: days(end) }));
  }
  return [...[...doubled].sort().map((subject) => message('concerns.sameSubject', { subject })), ...ending.values()];
}
