// Says what is still open after a step, and why, one sentence an item.
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { InjectionLabels } from './namespaceLabels.js';
import { showInjectionLabels } from './namespaceLabels.js';
import type { OpenItem, PodReason } from './verification.js';

export function openItemMessage(item: OpenItem): Message {
  switch (item.kind) {
    case 'labels':
      return message('steps.open.labels', { wanted: labelsText(item.wanted), present: labelsText(item.present) });
    case 'annotationLeft':
      return message('steps.open.annotationLeft', { annotation: item.annotation });
    case 'restartNotSeen':
      return message('steps.open.restartNotSeen', { workload: item.workload });
    case 'rollout': {
      const { workload, updated, available, desired } = item;
      return message('steps.open.rollout', { workload, updated, available, desired });
    }
    case 'podsRefused':
      return message('steps.open.podsRefused', { workload: item.workload, reason: item.reason });
    case 'stuck':
      return message('steps.open.stuck', { workload: item.workload, pod: item.pod, trouble: item.trouble });
    case 'otherRevision': {
      const revision = item.revision ?? message('steps.revision.unknown');
      return message('steps.open.otherRevision', { pod: item.pod, revision, reason: reasonMessage(item.reason) });
    }
    case 'noSidecar':
      return message('steps.open.noSidecar', { pod: item.pod, reason: reasonMessage(item.reason) });
    case 'sidecarLeft':
      return message('steps.open.sidecarLeft', { pod: item.pod, reason: reasonMessage(item.reason) });
    case 'fromBefore':
      return message('steps.open.fromBefore', { pod: item.pod, reason: reasonMessage(item.reason) });
    case 'notReady':
      return item.trouble === undefined
        ? message('steps.open.notReady', { pod: item.pod })
        : message('steps.open.notReadyBecause', { pod: item.pod, trouble: item.trouble });
    default:
      return assertNever(item);
  }
}

function reasonMessage(reason: PodReason): Message {
  switch (reason) {
    case 'terminating':
      return message('steps.reason.terminating');
    case 'rolling':
      return message('steps.reason.rolling');
    case 'bare':
      return message('steps.reason.bare');
    case 'job':
      return message('steps.reason.job');
    case 'foreign':
      return message('steps.reason.foreign');
    case 'onDelete':
      return message('steps.reason.onDelete');
    case 'paused':
      return message('steps.reason.paused');
    case 'handInjected':
      return message('steps.reason.handInjected');
    case 'notRestarted':
      return message('steps.reason.notRestarted');
    case 'createdSince':
      return message('steps.reason.createdSince');
    default:
      return assertNever(reason);
  }
}

/** The labels as people write them, with a word for having none. */
export function labelsText(labels: InjectionLabels): string | Message {
  return showInjectionLabels(labels) ?? message('steps.labels.none');
}
