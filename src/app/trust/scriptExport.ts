// A survey as migrate_ca would have printed it: for those whose runbooks and eyes are used to its lines.
import { clusterKey } from '../../domain/cluster.js';
import type { CheckReport, ContextReport, ProxyFinding } from './checkReport.js';
import { certificateFinding } from './checkReport.js';
import { textWork } from './checkText.js';
import type { TextPieces, Work } from './stretches.js';
import { each } from './stretches.js';
import type { SurveyRecord } from './surveyRecord.js';

/** Its checks of certificates, for all clusters of the survey. A record knows only namespaces with proxies, so the others have no heading. */
function* checkOfRecord(check: 'root-cert' | 'workload-cert', { clusters, proxies, notices, finishedAt }: SurveyRecord): Work<CheckReport> {
  const found = new Map(clusters.map(({ context, ...ref }) => [clusterKey({ context, ...ref }), { context, findings: [] as ProxyFinding[] }] as const));
  yield* each(proxies, (proxy) => found.get(clusterKey(proxy.target.cluster))?.findings.push(certificateFinding(check, proxy, finishedAt)));
  const contexts: ContextReport[] = [];
  for (const { context, findings } of found.values()) {
    const namespaces = new Set<string>();
    yield* each(findings, ({ target }) => namespaces.add(target.pod.namespace));
    contexts.push({ context, findings, namespaces: [...namespaces].sort() });
  }
  return { check, notices, contexts };
}

/** Both checks one after the other, in the script's own lines. */
export function* exportScript(record: SurveyRecord): Work<TextPieces> {
  const roots = yield* textWork(yield* checkOfRecord('root-cert', record), 'script');
  return [...roots, ...(yield* textWork(yield* checkOfRecord('workload-cert', record), 'script'))];
}
