// Whether a proxy is connected to its istiod, by three statistics of its Envoy. Istio's stats matcher has every Envoy keep those
// of cluster `xds-grpc`, which is the way to the agent in the same container, and through it to istiod.
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { field, listField, textField } from '../../shared/json.js';

/**
 * `answered`: a stream is open, and istiod has answered on this very one. The agent ends Envoy's stream as soon as its own to
 * istiod ends or cannot be made, x509 errors included, and it sends response headers with the first message that it passes on
 * (istio-agent `xds_proxy.go`, in this the same in 1.16 and 1.23). Envoy counts a response code when headers come, so as many of
 * them as requests means that the open one has had its own.
 *
 * `waiting`: a stream is open and has had no answer. While the agent dials, for up to 20 s where packets get lost, it looks like
 * this, so an active request alone proves nothing. Nor does one after a request that ended without any headers: that stays
 * unproven until the pod is restarted.
 *
 * `none`: no stream is open now.
 *
 * It does not say which istiod process it is, so whoever asks after a restart first has to see the old ones gone; and one whose
 * machine vanished without a word is noticed by the agent's keepalive only, after 40 s.
 */
export type IstiodStream = 'answered' | 'waiting' | 'none';

/** Asks for them without a character that an URL would have to escape; what else it matches is small. */
export const ISTIOD_STREAM_QUERY = 'format=json&filter=xds-grpc.*upstream_rq_';

/** Later releases of Istio end the names of clusters with a semicolon (istio#51861). */
const STATISTIC = /^cluster\.xds-grpc;?\.upstream_rq_(active|total|200)$/u;

/** Of an answer to `/stats?format=json`. A counter that was never used may be missing, but not the gauge and the total. */
export function parseIstiodStream(answer: unknown): Result<IstiodStream> {
  const values = new Map<string, number>();
  for (const entry of listField(answer, 'stats')) {
    const [, name] = STATISTIC.exec(textField(entry, 'name') ?? '') ?? [];
    const value = field(entry, 'value');
    if (name !== undefined && typeof value === 'number') values.set(name, value);
  }
  const [active, total, answered = 0] = ['active', 'total', '200'].map((name) => values.get(name));
  if (active === undefined || total === undefined) {
    return fail({ kind: 'proxyAnswerUnreadable', reason: 'this Envoy keeps no statistics of cluster xds-grpc' });
  }
  if (active < 1) return succeed('none');
  return succeed(answered >= total ? 'answered' : 'waiting');
}
