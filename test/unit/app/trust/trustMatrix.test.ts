// From readings to the matrix: accepted domains by the mesh config of each proxy's own revision and cluster.
import assert from 'node:assert/strict';
import type { TrustMatrix } from '../../../../src/app/trust/trustMatrix.js';
import { trustMatrix } from '../../../../src/app/trust/trustMatrix.js';
import type { InboundSample } from '../../../../src/app/trust/inboundSamples.js';
import { surveyRecord } from '../../../../src/app/trust/surveyRecord.js';
import type { ProxyReading } from '../../../../src/app/trust/trustSurvey.js';
import type { InboundListener } from '../../../../src/domain/trust/inboundDomains.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { cluster, meshConfigs, NOW, pod, snapshot } from '../../../support/trustMesh.js';
import type { ProxyWords } from '../../../support/trustPositions.js';
import { proxy } from '../../../support/trustPositions.js';

function reading(context: string, name: string, revision: string, words: ProxyWords = {}): ProxyReading {
  return { target: { cluster: cluster(context), pod: pod('foo', name, { revision }) }, trust: proxy(name, words).trust };
}

function shape({ classes, grid }: TrustMatrix): object {
  return {
    classes: classes.map(({ members }) => members.map(({ pod: { name } }) => name)),
    grid: grid.map((row) => row.map(({ kind }) => kind)),
  };
}

const ONE = snapshot('one', [], { meshConfigs: meshConfigs(['default', 'cluster.local'], ['new', 'cluster.local', 'fleet']) });
const TWO = snapshot('two', [], { meshConfigs: meshConfigs(['default', 'fleet', 'cluster.local']) });

describe('the matrix of a survey', () => {
  it("goes by the mesh config of each proxy's revision in its own cluster, and joins equal proxies of several clusters", () => {
    const readings = [reading('one', 'a', 'default'), reading('one', 'b', 'new'), reading('two', 'c', 'default'), reading('two', 'd', 'default', { domain: 'fleet' })];
    assert.deepEqual(shape(trustMatrix(readings, [ONE, TWO], NOW)), {
      classes: [['a'], ['b', 'c'], ['d']],
      grid: [
        ['authenticates', 'authenticates', 'broken'],
        ['authenticates', 'authenticates', 'authenticates'],
        ['broken', 'authenticates', 'authenticates'],
      ],
    });
  });

  it('knows no accepted domains without a readable mesh config of that revision', () => {
    const unreadable: ClusterSnapshot = {
      ...ONE,
      meshConfigs: new Map([...ONE.meshConfigs].map(([name, config]) => [name, { ...config, unreadable: 'not YAML' }])),
    };
    assert.deepEqual(shape(trustMatrix([reading('one', 'a', 'default')], [unreadable], NOW)), { classes: [['a']], grid: [['unknown']] });
    assert.deepEqual(shape(trustMatrix([reading('one', 'a', 'gone')], [ONE], NOW)), { classes: [['a']], grid: [['unknown']] });
  });

  it('believes the sample of a revision and namespace more than the mesh config, and tells what is not delivered', () => {
    const readings = [reading('one', 'a', 'default'), reading('one', 'b', 'new')];
    const listener: InboundListener = { domains: { kind: 'domains', domains: ['cluster.local'] }, mtls: 'strict' };
    const sample: InboundSample = { cluster: cluster('one'), namespace: 'foo', revision: 'new', pod: 'b', listener };
    const { classes } = trustMatrix(readings, [ONE], NOW, [sample]);
    const positions = classes.map((one) => (one.kind === 'known' ? [one.position.domains, one.position.mtls] : []));
    assert.deepEqual(positions, [
      [{ inbound: ['cluster.local'], outbound: ['cluster.local'] }, 'unknown'],
      [{ inbound: ['cluster.local'], outbound: ['cluster.local', 'fleet'] }, 'strict'],
    ]);
    const { notices } = surveyRecord(readings, [ONE], [sample], [], NOW);
    assert.deepEqual(notices.map(({ key, args }) => [key, args.domains, args.proxy]), [['surveys.notice.undeliveredDomains', 'fleet', 'foo/b']]);
  });
});
