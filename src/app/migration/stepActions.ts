// What only the extension itself can do for a step once its command lines ran: survey, compare, ask, and keep the evidence in the
// clusters it is about.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName } from '../../domain/cluster.js';
import { namespaceView } from '../../domain/mesh/namespaceView.js';
import type { StepAction } from '../../domain/procedure/procedureStep.js';
import { rootsToKeep } from '../../domain/evidence/oldRoots.js';
import { NEEDED_PERMISSIONS } from '../../domain/procedure/permissions.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { Clock, InboundDomainReader } from '../ports.js';
import type { StepActions } from '../steps/procedurePorts.js';
import type { TrustSurvey } from '../trust/trustSurvey.js';
import { EvidenceRecorder } from './evidenceRecorder.js';
import type { EvidencePorts } from './ports.js';
import { readProbe } from './probeReading.js';
import type { SituationSource } from './situationSource.js';

export interface StepActionReading {
  readonly survey: Pick<TrustSurvey, 'run'>;
  readonly inbound: InboundDomainReader;
  readonly evidence: Pick<EvidencePorts, 'records' | 'permissions' | 'secretBackups'>;
}

export interface StepActionParts {
  readonly situations: SituationSource;
  /** What reads and writes clusters; loaded late. */
  readonly reading: () => Promise<StepActionReading>;
  readonly clock: Clock;
  /** Asks whether the application works; undefined when the user went away. */
  readonly askTest: (cluster: ClusterRef, namespace: string) => Promise<boolean | undefined>;
  /** Puts a directory first on PATH in the extension's terminals. */
  readonly setTerminalPath: (directory: string) => void;
}

type Done = Promise<Result<readonly Message[]>>;
type Action<Kind extends StepAction['kind']> = Extract<StepAction, { readonly kind: Kind }>;

export class MeshStepActions implements StepActions {
  readonly #parts: StepActionParts;

  constructor(parts: StepActionParts) {
    this.#parts = parts;
  }

  async perform(action: StepAction, order: StepOrder, signal: AbortSignal): Done {
    const cluster = order.target.scope === 'mesh' ? undefined : order.target.cluster;
    switch (action.kind) {
      case 'recordBaseline':
        return this.#recordBaseline(signal);
      case 'recordProbe':
        return cluster === undefined ? noCluster() : this.#recordProbe(cluster, action, signal);
      case 'verifyBackups':
        return cluster === undefined ? noCluster() : this.#verifyBackups(cluster, action, signal);
      case 'recordTest':
        return cluster === undefined ? noCluster() : this.#recordTest(cluster, action, signal);
      case 'surveyTrust':
        // The mesh is read anew for the check that follows; there is nothing else to do.
        return succeed([]);
      case 'scanIdentity':
        return this.#scanIdentity(signal);
      case 'recordFleet':
        return this.#recordFleet(action, signal);
      case 'reviewPermissions':
        return cluster === undefined ? noCluster() : this.#reviewPermissions(cluster, signal);
      case 'setTerminalPath':
        this.#parts.setTerminalPath(action.directory);
        return succeed([message('stepActions.terminalPath', { directory: action.directory })]);
    }
  }

  async #recordBaseline(signal: AbortSignal): Done {
    const situation = await this.#parts.situations.refresh(signal);
    if (signal.aborted) return fail({ kind: 'cancelled' });
    const attempt = await (await this.#recorder()).recordBaseline(situation, signal);
    if (!attempt.ok) return attempt;
    const { record, unknown, unread } = attempt.value;
    const missing = [...unread, ...unknown.map(({ proxy }) => `${proxy.namespace}/${proxy.workload}`)];
    if (missing.length > 0) return fail({ kind: 'baselineIncomplete', proxies: missing });
    return succeed([message('stepActions.baseline', { pairs: record.pairs.length, clusters: situation.snapshots.length })]);
  }

  async #recordProbe(cluster: ClusterRef, { revision, namespace, pod }: Action<'recordProbe'>, signal: AbortSignal): Done {
    const { survey, inbound } = await this.#parts.reading();
    const { situations, clock } = this.#parts;
    const probe = await readProbe({ situations, survey, inbound, clock }, { cluster, revision, namespace, pod }, signal);
    if (!probe.ok) return probe;
    const written = await (await this.#recorder()).recordProbe(cluster, probe.value, signal);
    return written.ok ? succeed([message('stepActions.probe', { roots: probe.value.anchors.length, domain: probe.value.domain ?? '' })]) : written;
  }

  async #verifyBackups(cluster: ClusterRef, { files }: Action<'verifyBackups'>, signal: AbortSignal): Done {
    const recorder = await this.#recorder();
    const situation = await this.#parts.situations.refresh(signal);
    // What phase 3 takes for the old roots is what is trusted now: one that was overlooked would never be missed.
    const unknown = situation.facts.clusters.flatMap(({ proxies }) => proxies.filter(({ standing, waived }) => standing.kind === 'unknown' && !waived));
    if (unknown.length > 0) return fail({ kind: 'baselineIncomplete', proxies: unknown.map(({ namespace, workload }) => `${namespace}/${workload}`) });
    const roots = rootsToKeep(situation);
    const kept: Message[] = [];
    for (const { secret, file } of files) {
      const recorded = await recorder.recordBackup(cluster, { secret, file, roots }, signal);
      if (!recorded.ok) return recorded;
      kept.push(message('stepActions.backup', { secret, file }));
    }
    return succeed(kept);
  }

  async #recordTest(cluster: ClusterRef, { namespace, asks, failed }: Action<'recordTest'>, signal: AbortSignal): Done {
    const passed = asks ? await this.#parts.askTest(cluster, namespace) : failed !== true;
    if (passed === undefined) return fail({ kind: 'cancelled' });
    const revision = this.#revisionOf(cluster, namespace);
    const test = { namespace, revision, passed, by: asks ? 'answer' : 'command' } as const;
    const written = await (await this.#recorder()).recordTest(cluster, test, signal);
    if (!written.ok) return written;
    return succeed([message(passed ? 'stepActions.testPassed' : 'stepActions.testFailed', { namespace })]);
  }

  /** What most of its proxies were injected by: the answer is about that revision. */
  #revisionOf(cluster: ClusterRef, namespace: string): string {
    const snapshot = this.#parts.situations.current().snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster));
    const found = snapshot?.namespaces.get(namespace);
    const view = snapshot === undefined || found === undefined ? undefined : namespaceView(snapshot, found);
    return view?.injected[0]?.revision ?? DEFAULT_REVISION;
  }

  async #scanIdentity(signal: AbortSignal): Done {
    const situation = await this.#parts.situations.refresh(signal);
    const recorder = await this.#recorder();
    const found: Message[] = [];
    for (const { cluster, ref } of situation.facts.clusters) {
      const identity = situation.evidence?.get(cluster)?.identity;
      if (identity === undefined) continue;
      if (!identity.ok) return identity;
      const open = identity.value.filter(({ verdict }) => verdict !== 'holds');
      const written = await recorder.recordIdentityScan(ref, open.map(({ id }) => id), signal);
      if (!written.ok) return written;
      found.push(...open.map(({ kind, namespace, name, path, value, why }) =>
        message('stepActions.identity', { where: `${clusterName(ref)} ${kind} ${namespace}/${name} ${path}`, value, why }),
      ));
    }
    return succeed(found);
  }

  async #recordFleet({ project, members }: Action<'recordFleet'>, signal: AbortSignal): Done {
    const situation = this.#parts.situations.current();
    const written = await (await this.#recorder()).recordFleet(situation, { project, members }, signal);
    return written.ok ? succeed([message('stepActions.fleet', { members: members.length, clusters: situation.snapshots.length })]) : written;
  }

  async #reviewPermissions(cluster: ClusterRef, signal: AbortSignal): Done {
    const { permissions } = (await this.#parts.reading()).evidence;
    const review = await permissions.review(cluster, NEEDED_PERMISSIONS, signal);
    if (!review.ok) return review;
    const refused = NEEDED_PERMISSIONS.filter((_, index) => review.value[index] !== true);
    if (refused.length === 0) return succeed([message('stepActions.permitted', { count: NEEDED_PERMISSIONS.length })]);
    const names = refused.map(({ verb, group, resource }) => `${verb} ${group === '' ? resource : `${resource}.${group}`}`);
    return fail({ kind: 'forbidden', reason: names.join(', ') });
  }

  async #recorder(): Promise<EvidenceRecorder> {
    const { records, secretBackups } = (await this.#parts.reading()).evidence;
    return new EvidenceRecorder({ records, secretBackups, clock: this.#parts.clock });
  }
}

function noCluster(): Awaited<Done> {
  return fail({ kind: 'unexpected', reason: 'the step has no cluster' });
}
