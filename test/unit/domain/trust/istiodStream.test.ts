// What three statistics of an Envoy say of its connection to istiod.
import assert from 'node:assert/strict';
import { parseIstiodStream } from '../../../../src/domain/trust/istiodStream.js';

/** As Envoy lists them, with others that the same filter matches, a histogram among them. */
function answer(values: Readonly<Record<string, unknown>>, cluster = 'xds-grpc'): unknown {
  const stats = Object.entries(values).map(([name, value]) => ({ name: `cluster.${cluster}.upstream_rq_${name}`, value }));
  return { stats: [{ name: `cluster.${cluster}.upstream_rq_pending_active`, value: 7 }, ...stats, { histograms: { supported_quantiles: [0, 100], computed_quantiles: [] } }] };
}

function stream(values: Readonly<Record<string, unknown>>, cluster?: string): string {
  const read = parseIstiodStream(answer(values, cluster));
  return read.ok ? read.value : read.failure.kind;
}

describe('a proxy’s connection to istiod', () => {
  it('is there when the open stream has been answered, in both spellings of the cluster’s name', () => {
    assert.equal(stream({ active: 1, total: 1, 200: 1 }), 'answered');
    assert.equal(stream({ active: 1, total: 1, 200: 1 }, 'xds-grpc;'), 'answered');
    assert.equal(stream({ active: 1, total: 1, 200: 1 }, 'outbound|80||xds-grpc'), 'proxyAnswerUnreadable');
  });

  it('is there after many that ended, each of them answered, and requests that never left Envoy do not count', () => {
    // Of a real proxy that had been up for days: 285 streams, three requests turned away while the agent started (503).
    assert.equal(stream({ active: 1, total: 285, 200: 285, 503: 3, completed: 288 }), 'answered');
  });

  it('is not proven while the agent dials: the request is active and has no answer', () => {
    assert.equal(stream({ active: 1, total: 1 }), 'waiting');
    assert.equal(stream({ active: 1, total: 286, 200: 285, 503: 3, completed: 288 }), 'waiting');
  });

  it('is not there without an active request', () => {
    assert.equal(stream({ active: 0, total: 285, 200: 285 }), 'none');
    assert.equal(stream({ active: 0, total: 0 }), 'none');
  });

  it('is not known of an Envoy that keeps none of this, or whose answer is something else', () => {
    assert.equal(stream({ total: 1, 200: 1 }), 'proxyAnswerUnreadable');
    assert.equal(stream({ active: 1, 200: 1 }), 'proxyAnswerUnreadable');
    assert.equal(stream({ active: '1', total: 1, 200: 1 }), 'proxyAnswerUnreadable');
    for (const other of [{}, { stats: [] }, [], null, 'x']) assert.equal(parseIstiodStream(other).ok, false);
  });
});
