// What the extension does at each thing the page says. A page's words are an outside value: each is looked at before it is used.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import type { MessageHandlers } from '../../shared/messaging.js';
import type { FromTrustPage } from '../../shared/trustProtocol.js';
import { exportFormats, obstacleActions, trustViews } from '../../shared/trustViews.js';
import type { ObstacleAction } from '../../shared/trustViews.js';
import type { TrustFiles } from './trustFiles.js';
import type { TrustSurveyControl } from './trustSurveyControl.js';
import type { TrustViewFeed } from './trustViewFeed.js';

/** Proxies of a namespace, or one gateway in it; a gateway that is not named is asked for. */
export interface ObstacleTarget extends NamespaceTarget {
  readonly workload: string | undefined;
}

/** Has something done about proxies, by the extension's own command for it. */
export type ResolveObstacle = (action: Exclude<ObstacleAction, 'survey'>, target: ObstacleTarget) => void;

export interface TrustPageParts {
  readonly control: Pick<TrustSurveyControl, 'cancel' | 'evidence' | 'saved'>;
  readonly files: Pick<TrustFiles, 'exportSurvey' | 'save'>;
  readonly views: Pick<TrustViewFeed, 'look' | 'suppose' | 'openPair' | 'explain'>;
  readonly chooseClusters: () => void;
  readonly resolve: ResolveObstacle;
  /** Sends the page everything, from the beginning. */
  readonly begin: () => void;
  readonly survey: () => void;
  readonly widen: () => void;
  readonly openFile: () => Promise<void>;
  readonly copy: (text: string) => void;
  /** A file could not be read or written. */
  readonly onFileError: (error: unknown) => void;
}

export function trustPageHandlers(parts: TrustPageParts): MessageHandlers<FromTrustPage> {
  const { control, files, views, chooseClusters, begin, survey, widen, openFile, copy, onFileError } = parts;
  const look = (wanted: unknown): void => {
    views.look(trustViews.find((view) => view === wanted) ?? 'overview');
  };
  return {
    ready: ({ view }) => {
      begin();
      look(view);
    },
    survey,
    cancel: () => {
      control.cancel();
    },
    copy: ({ text }) => {
      if (typeof text === 'string') copy(text);
    },
    widen,
    chooseClusters,
    look: ({ view }) => {
      look(view);
    },
    suppose: ({ hypothesis }) => {
      views.suppose(typeof hypothesis === 'string' ? hypothesis : undefined);
    },
    openPair: (request) => {
      if (Object.values(request).every(Number.isInteger)) views.openPair(request);
    },
    explain: ({ id }) => {
      if (typeof id === 'string') views.explain(id);
    },
    resolve: (wanted) => {
      resolveObstacle(wanted, parts);
    },
    export: ({ format }) => {
      const known = exportFormats.find((name) => name === format);
      if (known !== undefined) files.exportSurvey(known).catch(onFileError);
    },
    save: () => {
      files.save().catch(onFileError);
    },
    openFile: () => {
      openFile().catch(onFileError);
    },
  };
}

function resolveObstacle(wanted: FromTrustPage['resolve'], { control, survey, resolve }: TrustPageParts): void {
  const { namespace } = wanted;
  const action = obstacleActions.find((name) => name === wanted.action);
  // A survey from a file has no clusters: those in it may be somebody else's.
  if (action === undefined || control.saved() !== undefined) return;
  if (action === 'survey') {
    survey();
    return;
  }
  const known = targetOf(wanted, control);
  if (known !== undefined) resolve(action, { namespace, ...known });
}

/** The cluster in which such a proxy was read, and the workload if that is one's. */
function targetOf(wanted: FromTrustPage['resolve'], control: TrustPageParts['control']): Pick<ObstacleTarget, 'cluster' | 'workload'> | undefined {
  let cluster: ClusterRef | undefined;
  for (const { target } of control.evidence().readings.values()) {
    if (clusterKey(target.cluster) !== wanted.clusterKey || target.pod.namespace !== wanted.namespace) continue;
    cluster = target.cluster;
    const workload = target.pod.owner?.name;
    if (workload !== undefined && workload === wanted.workload) return { cluster, workload };
  }
  return cluster && { cluster, workload: undefined };
}
