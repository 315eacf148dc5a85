// Draws clusters, what is wrong with them, and the groups below them.
import { CONTEXT_VALUES } from '../../contributions.js';
import { clusterName, gkeName } from '../../domain/cluster.js';
import { controlPlanes } from '../../domain/mesh/controlPlanes.js';
import type { WatchedKind } from '../../domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { assertNever } from '../../shared/assertNever.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { ClusterCondition } from './clusterCondition.js';
import { clusterCondition, troubleGroups } from './clusterCondition.js';
import type { GroupName, NoteName } from './meshNodes.js';
import { sortNamespaces } from './meshNodes.js';
import type { RowParts } from './row.js';
import { joinParts } from './row.js';

export function clusterRow(snapshot: ClusterSnapshot, text: RenderText, now: number): RowParts {
  const { ref } = snapshot;
  const gke = gkeName(ref.context);
  const where = joinParts([gke?.location, gke?.project]);
  const condition = clusterCondition(snapshot);
  const said = conditionText(condition, text, now);
  const inTrouble = condition.kind === 'failed' || condition.kind === 'stale' || condition.kind === 'partial';
  const name = clusterName(ref);
  return {
    label: name,
    // What is wrong comes first: a narrow view cuts the end.
    description: inTrouble ? (said ?? where) : joinParts([where, said]),
    ...conditionIcon(condition),
    tooltip: [
      name,
      ...(said === undefined ? [] : [said]),
      ...(inTrouble ? [remedy(condition, text)] : []),
      ...(where === '' ? [] : [where]),
      text(message('clusters.tooltip.context', { context: ref.context })),
      text(message('clusters.tooltip.kubeconfig', { path: ref.kubeconfig })),
      ...controlPlanes(snapshot).map(({ revision, version }) => joinParts([revision, version])),
    ],
    links: [
      ...(inTrouble ? [{ text: text(message('clusters.action.retry')), command: 'meshCa.cluster.retry' as const }] : []),
      { text: text(message('clusters.action.leaveOut')), command: 'meshCa.cluster.leaveOut' },
    ],
    contextValue: inTrouble ? CONTEXT_VALUES.clusterInTrouble : CONTEXT_VALUES.cluster,
    state: 'expanded',
  };
}

function conditionIcon({ kind }: ClusterCondition): Pick<RowParts, 'icon' | 'color'> {
  switch (kind) {
    case 'failed':
      return { icon: 'error', color: 'list.errorForeground' };
    case 'stale':
      return { icon: 'debug-disconnect', color: 'list.warningForeground' };
    case 'partial':
      return { icon: 'warning', color: 'list.warningForeground' };
    case 'reading':
      return { icon: 'loading~spin' };
    case 'live':
      return { icon: 'server-environment' };
    default:
      return assertNever(kind);
  }
}

function conditionText(condition: ClusterCondition, text: RenderText, now: number): string | undefined {
  switch (condition.kind) {
    case 'failed':
      return text(failureMessage(condition.failure));
    case 'stale':
      return joinParts([text(ageMessage(now - condition.since)), text(failureMessage(condition.failure))]);
    case 'partial':
      return text(message('clusters.partial', { kinds: condition.troubles }));
    case 'reading':
      return text(message('clusters.reading'));
    case 'live':
      return undefined;
    default:
      return assertNever(condition);
  }
}

/** How old what is shown is, in the largest unit that fits. */
function ageMessage(milliseconds: number): Message {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return message('clusters.age.seconds');
  if (seconds < 3600) return message('clusters.age.minutes', { minutes: Math.floor(seconds / 60) });
  return message('clusters.age.hours', { hours: Math.floor(seconds / 3600) });
}

/** What could not be read, and why. */
export function troubleRow(snapshot: ClusterSnapshot, id: string, text: RenderText, now: number): RowParts | undefined {
  const group = troubleGroups(snapshot).find((candidate) => candidate.id === id);
  if (group === undefined) return undefined;
  const all = group.kinds.length === Object.keys(snapshot.kinds).length;
  const kinds = all ? text(message('clusters.kind.all')) : group.kinds.map((kind) => text(kindMessage(kind))).join(', ');
  const failure = text(failureMessage(group.failure));
  const age = group.since === undefined ? undefined : text(ageMessage(now - group.since));
  return {
    label: kinds,
    description: joinParts([failure, age]),
    icon: group.since === undefined ? 'error' : 'debug-disconnect',
    color: group.since === undefined ? 'list.errorForeground' : 'list.warningForeground',
    tooltip: [kinds, failure, ...(age === undefined ? [] : [age]), adviceText(group.failure.kind, text)],
    links: [
      { text: text(message('clusters.action.retry')), command: 'meshCa.cluster.retry' },
      { text: text(message('clusters.action.leaveOut')), command: 'meshCa.cluster.leaveOut' },
    ],
    contextValue: CONTEXT_VALUES.trouble,
  };
}

/** What there is to do about the cluster as a whole; most of it comes back by itself. */
function remedy(condition: ClusterCondition, text: RenderText): string {
  const isBroken = condition.kind === 'failed' && condition.failure.kind === 'extensionBroken';
  return text(message(isBroken ? 'clusters.advice.extensionBroken' : 'clusters.reconnects'));
}

function adviceText(kind: string, text: RenderText): string {
  switch (kind) {
    case 'forbidden':
      return text(message('clusters.advice.forbidden'));
    case 'unauthenticated':
      return text(message('clusters.advice.unauthenticated'));
    case 'contextMissing':
    case 'kubeconfigUnreadable':
      return text(message('clusters.advice.kubeconfig'));
    case 'extensionBroken':
      return text(message('clusters.advice.extensionBroken'));
    default:
      return text(message('clusters.reconnects'));
  }
}

function kindMessage(kind: WatchedKind): Message {
  switch (kind) {
    case 'namespaces':
      return message('clusters.kind.namespaces');
    case 'pods':
      return message('clusters.kind.pods');
    case 'deployments':
      return message('clusters.kind.deployments');
    case 'statefulsets':
      return message('clusters.kind.statefulsets');
    case 'daemonsets':
      return message('clusters.kind.daemonsets');
    case 'services':
      return message('clusters.kind.services');
    case 'mutatingwebhookconfigurations':
      return message('clusters.kind.webhooks');
    case 'configmaps':
      return message('clusters.kind.meshConfigs');
    case 'caRoots':
      return message('clusters.kind.caRoots');
    default:
      return assertNever(kind);
  }
}

export function groupRow(snapshot: ClusterSnapshot, group: GroupName, text: RenderText): RowParts {
  const label = groupLabel(snapshot, group, text);
  return {
    label,
    description: '',
    icon: { controlPlanes: 'settings-gear', gateways: 'globe', namespaces: 'symbol-namespace', outside: 'circle-slash' }[group],
    tooltip: [label, ...(group === 'outside' ? [text(message('clusters.group.outside.explained'))] : [])],
    contextValue: CONTEXT_VALUES.group,
    state: group === 'outside' ? 'collapsed' : 'expanded',
  };
}

function groupLabel(snapshot: ClusterSnapshot, group: GroupName, text: RenderText): string {
  switch (group) {
    case 'controlPlanes':
      return text(message('clusters.group.controlPlanes'));
    case 'gateways':
      return text(message('clusters.group.gateways'));
    case 'namespaces':
      return text(message('clusters.group.namespaces'));
    case 'outside':
      return text(message('clusters.group.outside', { count: sortNamespaces(snapshot).outside.length }));
    default:
      return assertNever(group);
  }
}

/** Why there is nothing below. */
export function noteRow(note: NoteName, text: RenderText): RowParts {
  const label = text(noteMessage(note));
  const icon = note === 'reading' ? 'loading~spin' : note === 'unknown' ? 'question' : 'info';
  return { label, description: '', icon, color: 'disabledForeground', tooltip: [label], contextValue: CONTEXT_VALUES.note };
}

function noteMessage(note: NoteName): Message {
  switch (note) {
    case 'reading':
      return message('clusters.note.reading');
    case 'unknown':
      return message('clusters.note.unknown');
    case 'noControlPlane':
      return message('clusters.note.noControlPlane');
    case 'noNamespaces':
      return message('clusters.note.noNamespaces');
    case 'noPods':
      return message('clusters.note.noPods');
    case 'noIstiod':
      return message('clusters.note.noIstiod');
    default:
      return assertNever(note);
  }
}
