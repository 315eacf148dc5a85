// A survey as migrate_ca would have printed it: for those whose runbooks and eyes are used to its lines.
import { clusterKey } from '../../domain/cluster.js';
import type { CheckReport, ContextReport } from './checkReport.js';
import { certificateFinding } from './checkReport.js';
import { renderText } from './checkText.js';
import type { SurveyRecord } from './surveyRecord.js';

/** Its checks of certificates, for all clusters of the survey. A record knows only namespaces with proxies, so the others have no heading. */
export function checkOfRecord(check: 'root-cert' | 'workload-cert', { clusters, proxies, notices, finishedAt }: SurveyRecord): CheckReport {
  const contexts = new Map<string, { readonly report: ContextReport; readonly findings: ReturnType<typeof certificateFinding>[] }>();
  for (const cluster of clusters) {
    const findings: ReturnType<typeof certificateFinding>[] = [];
    contexts.set(clusterKey(cluster), { report: { context: cluster.context, namespaces: [], findings }, findings });
  }
  for (const proxy of proxies) contexts.get(clusterKey(proxy.target.cluster))?.findings.push(certificateFinding(check, proxy, finishedAt));
  return {
    check,
    notices,
    contexts: [...contexts.values()].map(({ report, findings }) => ({
      ...report,
      namespaces: [...new Set(findings.map(({ target }) => target.pod.namespace))].sort(),
    })),
  };
}

/** Both checks one after the other, in the script's own lines. */
export function exportScript(record: SurveyRecord): string {
  return (['root-cert', 'workload-cert'] as const).map((check) => renderText(checkOfRecord(check, record), 'script')).join('');
}
