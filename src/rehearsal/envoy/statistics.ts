// Answers to `/stats`: of what Istio's stats matcher lets every Envoy keep (pkg/bootstrap `cluster.xds-grpc`), the requests of the
// stream to the control plane.
import type { AdminAnswer } from './adminAnswer.js';
import { text } from './adminAnswer.js';
import type { EnvoyView } from './envoyView.js';

type Counted = Pick<EnvoyView, 'istioVersion' | 'controlStream'>;

interface Statistic {
  readonly name: string;
  readonly value: number;
}

/** From here on names of clusters end with a semicolon (istio#51861). */
const FIRST_WITH_SEMICOLON = 24;

/**
 * The agent answers a stream that it cannot pass on with an error that has headers too, so each of them has its code in the end.
 * A counter of a response code is made when the first one comes.
 */
function statisticsOf({ istioVersion, controlStream: { isOpen, opened, answered } }: Counted): readonly Statistic[] {
  const minor = Number(/^1\.(\d+)/u.exec(istioVersion)?.[1] ?? '0');
  const cluster = minor >= FIRST_WITH_SEMICOLON ? 'xds-grpc;' : 'xds-grpc';
  const codes = answered === 0 ? {} : { upstream_rq_200: answered, upstream_rq_2xx: answered };
  const values = {
    ...codes,
    upstream_rq_active: Number(isOpen),
    upstream_rq_cancelled: 0,
    ...(answered === 0 ? {} : { upstream_rq_completed: answered }),
    upstream_rq_pending_active: 0,
    upstream_rq_timeout: 0,
    upstream_rq_total: opened,
  };
  return Object.entries(values).map(([name, value]) => ({ name: `cluster.${cluster}.${name}`, value }));
}

/** `filter` matches anywhere in a name. */
export function statisticsAnswer(view: Counted, query: URLSearchParams): AdminAnswer {
  const filter = query.get('filter') ?? '';
  let pattern: RegExp;
  try {
    pattern = new RegExp(filter, 'u');
  } catch {
    return text(400, `Invalid re2 regex: ${filter}\n`);
  }
  const found = statisticsOf(view).filter(({ name }) => pattern.test(name));
  if (query.get('format') === 'json') return { status: 200, contentType: 'application/json', body: JSON.stringify({ stats: found }) };
  return text(200, found.map(({ name, value }) => `${name}: ${value}\n`).join(''));
}
