// What a step's guards can find before it runs, as a closed union, and what each finding means for the step.
import { assertNever } from '../../shared/assertNever.js';
import type { Failure } from '../../shared/failure.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { WatchedKind } from '../mesh/facts.js';

export type Finding =
  /** The kind is not known to be complete and current: what was not read cannot be safe. */
  | { readonly kind: 'notLive'; readonly resource: WatchedKind; readonly failure: Failure | undefined }
  | { readonly kind: 'clusterNotFollowed' }
  | { readonly kind: 'namespaceMissing' }
  | { readonly kind: 'namespaceTerminating' }
  /** istiod's own namespace, or one of Kubernetes' that is never injected. */
  | { readonly kind: 'systemNamespace' }
  | { readonly kind: 'revisionMissing'; readonly revision: string }
  | { readonly kind: 'revisionNotReady'; readonly revision: string }
  /** Its istiod runs, and yet pods with its label would be injected by another revision, or by none. */
  | { readonly kind: 'revisionNotInjecting'; readonly revision: string; readonly injector: string | undefined }
  /** The labels to go back to would ask for injection and get none. */
  | { readonly kind: 'returnsToDangling'; readonly label: string }
  | { readonly kind: 'nothingRemembered' }
  /** Mesh CA signs for it, or nobody knows who does; only the gates of a plan look at all clusters. */
  | { readonly kind: 'signerNeedsPlan'; readonly revision: string; readonly signer: 'meshCa' | 'unknown' }
  /** It would not be given Mesh CA's root (`to`; undefined: no sidecar), while proxies live that Mesh CA may have signed. */
  | { readonly kind: 'losesMeshCaRoot'; readonly to: string | undefined; readonly signing: readonly string[] }
  | { readonly kind: 'bothLabels' }
  | { readonly kind: 'danglingLabel'; readonly label: string }
  /** Another tool writes this namespace, and may put its labels back. */
  | { readonly kind: 'gitOps'; readonly tool: 'Argo CD' | 'Flux'; readonly mark: string }
  | { readonly kind: 'paused'; readonly workloads: readonly string[] }
  | { readonly kind: 'onDelete'; readonly workloads: readonly string[] }
  /** For a while none of their pods is there. */
  | { readonly kind: 'recreated'; readonly workloads: readonly string[] }
  /** StatefulSets that renew some of their pods only. */
  | { readonly kind: 'partitioned'; readonly workloads: readonly string[] }
  | { readonly kind: 'barePods'; readonly pods: readonly string[] }
  | { readonly kind: 'jobPods'; readonly pods: readonly string[] }
  /** Made by a controller that `kubectl rollout` does not know, an Argo Rollout for instance. */
  | { readonly kind: 'foreignPods'; readonly pods: readonly string[] }
  | { readonly kind: 'handInjected'; readonly workloads: readonly string[] }
  | { readonly kind: 'pinnedProxyImage'; readonly workloads: readonly string[] }
  | { readonly kind: 'injectionRefused'; readonly workloads: readonly string[] }
  /** The guide restarts Deployments only; these are restarted as well. */
  | { readonly kind: 'beyondGuide'; readonly workloads: readonly string[] }
  | { readonly kind: 'nothingToRestart' }
  | { readonly kind: 'nothingToRun' };

/** `blocks`: the step must not run. `warns`: it may, and something is left to do. `notes`: good to know. */
export type Severity = 'blocks' | 'warns' | 'notes';

export function findingSeverity(finding: Finding): Severity {
  switch (finding.kind) {
    case 'notLive':
    case 'clusterNotFollowed':
    case 'namespaceMissing':
    case 'namespaceTerminating':
    case 'systemNamespace':
    case 'revisionMissing':
    case 'revisionNotReady':
    case 'revisionNotInjecting':
    case 'returnsToDangling':
    case 'nothingRemembered':
    case 'signerNeedsPlan':
    case 'losesMeshCaRoot':
    case 'nothingToRun':
      return 'blocks';
    case 'bothLabels':
    case 'danglingLabel':
    case 'gitOps':
    case 'paused':
    case 'onDelete':
    case 'recreated':
    case 'partitioned':
    case 'barePods':
    case 'foreignPods':
    case 'handInjected':
    case 'pinnedProxyImage':
      return 'warns';
    case 'jobPods':
    case 'injectionRefused':
    case 'beyondGuide':
    case 'nothingToRestart':
      return 'notes';
    default:
      return assertNever(finding);
  }
}

/** The finding and what to do about it, in one or two sentences. */
export function findingMessage(finding: Finding): Message {
  switch (finding.kind) {
    case 'notLive':
      return finding.failure === undefined
        ? message('steps.finding.notRead', { resource: finding.resource })
        : message('steps.finding.notLive', { resource: finding.resource, reason: failureMessage(finding.failure) });
    case 'clusterNotFollowed':
      return message('steps.finding.clusterNotFollowed');
    case 'namespaceMissing':
      return message('steps.finding.namespaceMissing');
    case 'namespaceTerminating':
      return message('steps.finding.namespaceTerminating');
    case 'systemNamespace':
      return message('steps.finding.systemNamespace');
    case 'revisionMissing':
      return message('steps.finding.revisionMissing', { revision: finding.revision });
    case 'revisionNotReady':
      return message('steps.finding.revisionNotReady', { revision: finding.revision });
    case 'revisionNotInjecting':
      return message('steps.finding.revisionNotInjecting', {
        revision: finding.revision,
        injector: finding.injector ?? message('steps.injector.none'),
      });
    case 'returnsToDangling':
      return message('steps.finding.returnsToDangling', { label: finding.label });
    case 'nothingRemembered':
      return message('steps.finding.nothingRemembered');
    case 'signerNeedsPlan':
      return message(`steps.finding.signerNeedsPlan.${finding.signer}`, { revision: finding.revision });
    case 'losesMeshCaRoot':
      return message('steps.finding.losesMeshCaRoot', {
        to: finding.to ?? message('steps.injector.none'),
        signing: finding.signing.join(', '),
      });
    case 'bothLabels':
      return message('steps.finding.bothLabels');
    case 'danglingLabel':
      return message('steps.finding.danglingLabel', { label: finding.label });
    case 'gitOps':
      return message('steps.finding.gitOps', { tool: finding.tool, mark: finding.mark });
    case 'nothingToRestart':
      return message('steps.finding.nothingToRestart');
    case 'nothingToRun':
      return message('steps.finding.nothingToRun');
    default:
      return namesMessage(finding);
  }
}

type NamesFinding = Extract<Finding, { readonly workloads: readonly string[] } | { readonly pods: readonly string[] }>;

function namesMessage(finding: NamesFinding): Message {
  const all = 'pods' in finding ? finding.pods : finding.workloads;
  const args = { names: all.join(', ') };
  switch (finding.kind) {
    case 'paused':
      return message('steps.finding.paused', args);
    case 'onDelete':
      return message('steps.finding.onDelete', args);
    case 'recreated':
      return message('steps.finding.recreated', args);
    case 'partitioned':
      return message('steps.finding.partitioned', args);
    case 'barePods':
      return message('steps.finding.barePods', args);
    case 'jobPods':
      return message('steps.finding.jobPods', args);
    case 'foreignPods':
      return message('steps.finding.foreignPods', args);
    case 'handInjected':
      return message('steps.finding.handInjected', args);
    case 'pinnedProxyImage':
      return message('steps.finding.pinnedProxyImage', args);
    case 'injectionRefused':
      return message('steps.finding.injectionRefused', args);
    case 'beyondGuide':
      return message('steps.finding.beyondGuide', args);
    default:
      return assertNever(finding);
  }
}
