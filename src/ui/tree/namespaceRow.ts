// Draws a namespace: its label, what really injected its pods, and where the two disagree.
import { CONTEXT_VALUES } from '../../contributions.js';
import type { NamespaceConflict, NamespaceView } from '../../domain/mesh/namespaceView.js';
import { namespaceView } from '../../domain/mesh/namespaceView.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { showInjectionLabels } from '../../domain/steps/namespaceLabels.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { Row, RowParts } from './row.js';
import { joinParts } from './row.js';

/** `running`: a step of ours acts on it, or is being verified. */
export function namespaceRow(snapshot: ClusterSnapshot, name: string, text: RenderText, running: boolean): RowParts | undefined {
  const namespace = snapshot.namespaces.get(name);
  if (namespace === undefined) return undefined;
  const view = namespaceView(snapshot, namespace);
  const moving = movingText(view, text);
  return {
    label: name,
    description: joinParts([
      running ? text(message('clusters.stepRuns')) : undefined,
      view.terminating ? text(message('clusters.terminating')) : undefined,
      labelText(view, text),
      view.meshed ? injectedText(view, text) : undefined,
      sidecarlessText(view, text),
      moving,
    ]),
    ...(running ? { icon: 'loading~spin' } : namespaceIcon(view, moving !== undefined)),
    tooltip: tooltipLines(view, text),
    links: namespaceLinks(view, text),
    contextValue: contextValue(view),
  };
}

/** A rollback stays possible where the move did not bring a single sidecar. */
function contextValue({ memory, meshed }: NamespaceView): Row['contextValue'] {
  if (memory !== undefined) return CONTEXT_VALUES.namespaceMoved;
  return meshed ? CONTEXT_VALUES.namespace : CONTEXT_VALUES.namespaceOutside;
}

/** The labels as they are; where they contradict each other or lead nowhere, that instead. */
function labelText({ conflicts, labels }: NamespaceView, text: RenderText): string | undefined {
  if (conflicts.some(({ kind }) => kind === 'bothLabels')) return `⚠ ${text(message('clusters.bothLabels.short'))}`;
  const shown = showInjectionLabels(labels);
  if (conflicts.some(({ kind }) => kind === 'danglingRevision')) {
    return `⚠ ${joinParts([shown, text(message('clusters.dangling.short'))])}`;
  }
  return shown;
}

/** “3 pods by default, 1 by asm-…”. The revision is said once where label and pods agree. */
function injectedText({ injected, labels, conflicts, known }: NamespaceView, text: RenderText): string {
  if (!known) return text(message('clusters.pods.unknown'));
  const [first, ...rest] = injected;
  if (first === undefined) return text(message('clusters.pods.none'));
  if (rest.length === 0 && conflicts.length === 0 && labels.revision !== undefined && first.revision === labels.revision) {
    return text(message('clusters.pods.count', { pods: first.pods }));
  }
  const parts = rest.map(({ revision, pods }) => text(message('clusters.pods.more', { pods, revision: revisionText(revision, text) })));
  return [text(message('clusters.pods.by', { pods: first.pods, revision: revisionText(first.revision, text) })), ...parts].join(', ');
}

function sidecarlessText({ conflicts }: NamespaceView, text: RenderText): string | undefined {
  const found = conflicts.find((conflict) => conflict.kind === 'withoutSidecar');
  return found === undefined ? undefined : `⚠ ${text(message('clusters.withoutSidecar.short', { pods: found.pods }))}`;
}

function movingText({ starting, ending }: NamespaceView, text: RenderText): string | undefined {
  const parts = [
    starting > 0 ? text(message('clusters.starting.count', { pods: starting })) : undefined,
    ending > 0 ? text(message('clusters.ending.count', { pods: ending })) : undefined,
  ];
  const said = parts.filter((part) => part !== undefined).join(', ');
  return said === '' ? undefined : said;
}

function namespaceIcon(view: NamespaceView, moving: boolean): Pick<RowParts, 'icon' | 'color'> {
  const kinds = view.conflicts.map(({ kind }) => kind);
  if (kinds.some((kind) => kind === 'bothLabels' || kind === 'danglingRevision' || kind === 'withoutSidecar')) {
    return { icon: 'warning', color: 'list.warningForeground' };
  }
  if (!view.known) return { icon: 'question', color: 'disabledForeground' };
  if (moving && view.meshed) return { icon: 'sync', color: 'charts.blue' };
  if (kinds.length > 0) return { icon: 'debug-restart', color: 'list.warningForeground' };
  return view.meshed ? { icon: 'symbol-namespace' } : { icon: 'symbol-namespace', color: 'disabledForeground' };
}

function tooltipLines(view: NamespaceView, text: RenderText): readonly string[] {
  const { labels, meaning, forecast, memory, conflicts, withoutProxy } = view;
  return [
    view.name,
    showInjectionLabels(labels) ?? text(message('clusters.noLabel')),
    ...(meaning?.kind === 'tag' ? [text(message('clusters.tagMeans', { tag: meaning.tag, revision: meaning.revision }))] : []),
    ...(view.meshed ? [injectedText(view, text)] : []),
    ...(withoutProxy > 0 ? [text(message('clusters.withoutProxy', { pods: withoutProxy }))] : []),
    ...(forecast.kind === 'injected' ? [text(message('clusters.forecast', { revision: forecast.revision }))] : []),
    ...(forecast.kind === 'unknown' ? [text(message('clusters.forecast.unknown'))] : []),
    ...conflicts.map((conflict) => `⚠ ${text(conflictMessage(conflict))}`),
    ...(memory === undefined
      ? []
      : [text(message('clusters.remembered', { labels: showInjectionLabels(memory.before) ?? text(message('clusters.noLabel')) }))]),
  ];
}

function conflictMessage(conflict: NamespaceConflict): Message {
  switch (conflict.kind) {
    case 'bothLabels':
      return message('clusters.bothLabels');
    case 'danglingRevision':
      return message('clusters.dangling', { value: conflict.value });
    case 'withoutSidecar':
      return message('clusters.withoutSidecar', { pods: conflict.pods });
    case 'notYetRestarted':
      return message('clusters.notYetRestarted', { pods: conflict.pods, revision: conflict.revision });
    case 'mixedRevisions':
      return message('clusters.mixedRevisions', { revisions: conflict.revisions.join(', ') });
    default:
      return assertNever(conflict);
  }
}

function namespaceLinks({ memory, meshed }: NamespaceView, text: RenderText): Row['links'] {
  return [
    { text: text(message('clusters.action.migrate')), command: 'meshCa.namespace.migrate' },
    ...(memory === undefined ? [] : [{ text: text(message('clusters.action.rollBack')), command: 'meshCa.namespace.rollBack' as const }]),
    ...(meshed ? [{ text: text(message('clusters.action.checkTrust')), command: 'meshCa.namespace.checkTrust' as const }] : []),
  ];
}

function revisionText(revision: string | undefined, text: RenderText): string {
  return revision ?? text(message('clusters.revision.unknown'));
}
