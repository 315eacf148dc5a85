// What ends a restart of istiod: its processes of before are gone, and every proxy has an answer on its present stream.
import assert from 'node:assert/strict';
import { clusterKey } from '../../../../src/domain/cluster.js';
import type { ProxyFacts } from '../../../../src/domain/gates/gateFacts.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { InspectionAnswer } from '../../../../src/domain/procedure/inspection.js';
import { istiodsReplaced, proxiesConnected } from '../../../../src/domain/procedure/istiodConnections.js';
import type { MeshSituation, StepVerification } from '../../../../src/domain/procedure/procedureStep.js';
import type { IstiodStream } from '../../../../src/domain/trust/istiodStream.js';
import type { Failure, Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { draft, order, R2, situation } from '../../../support/procedureMesh.js';
import { CLUSTER } from '../../../support/stepMesh.js';
import { pod } from '../../../support/trustMesh.js';

const english = textRenderer('en');
const READ: ProxyFacts['standing'] = { kind: 'read', anchors: ['R'], issuer: 'R', domain: 'd', inbound: 'any', outbound: 'any', expired: false };

function proxy(name: string, pods: readonly string[], more: Partial<ProxyFacts> = {}): ProxyFacts {
  return { namespace: 'foo', workload: `Deployment/${name}`, pods, role: 'sidecar', revision: R2, standing: READ, waived: false, ...more };
}

function told(verdict: StepVerification): string {
  const { kind } = verdict;
  const words = kind === 'open' ? verdict.items : kind === 'unknown' ? verdict.why : verdict.evidence;
  return [kind, ...words.map((word) => english(word).replace(/ A kubelet may[^]*$/u, ''))].join('\n');
}

type Answers = Readonly<Record<string, IstiodStream | Failure>>;

function verdict(proxies: readonly ProxyFacts[], answers: Answers | InspectionAnswer | undefined): string {
  const isAnswer = answers !== undefined && 'kind' in answers;
  const streams = (of: Answers): ReadonlyMap<string, Result<IstiodStream>> =>
    new Map(Object.entries(of).map(([name, stream]) => [`foo/${name}`, typeof stream === 'string' ? succeed(stream) : fail(stream)]));
  const answer = answers === undefined ? undefined : isAnswer ? (answers as InspectionAnswer) : { kind: 'istiodStreams' as const, streams: streams(answers) };
  const inspection = answer === undefined ? {} : { [`istiodStreams ${clusterKey(CLUSTER)}`]: answer };
  return told(proxiesConnected(CLUSTER).verify(situation({ facts: { proxies }, inspection })));
}

describe('proxies are back at istiod', () => {
  it('is asked last by both steps that restart it, of all proxies of the cluster', () => {
    for (const step of ['restart-control-plane', 'restore-secrets'] as const) {
      const wanted = order(step, 3, undefined, { 'istio-ca-secret': '/srv/backups/one.yaml' });
      assert.deepEqual(draft(wanted, situation()).verifyLast?.needs, [{ kind: 'istiodStreams', cluster: CLUSTER }], step);
    }
  });

  it('when each has an answer on its stream', () => {
    assert.equal(verdict([proxy('a', ['a-1', 'a-2']), proxy('b', ['b-1'])], { 'a-1': 'answered', 'a-2': 'answered', 'b-1': 'answered' }), [
      'verified',
      'Every proxy is connected to istiod: 3 were asked, and istiod has answered on each one\'s present stream.',
    ].join('\n'));
  });

  it('is open by name where there is no stream, or none that was answered', () => {
    const pods = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5'];
    const answers: Answers = { ...Object.fromEntries(pods.map((name) => [name, 'none' as const])), 'b-1': 'waiting', 'b-2': 'answered' };
    assert.equal(verdict([proxy('a', pods), proxy('b', ['b-1', 'b-2'])], answers), [
      'open',
      'foo/Deployment/a (a-1, a-2, a-3, +2) is not connected to istiod.',
      'foo/Deployment/b (b-1) is connecting to istiod, and has had no answer yet',
    ].join('\n'));
  });

  it('is not known where one could not be asked, or was not: that is never taken for connected', () => {
    assert.equal(verdict([proxy('a', ['a-1', 'a-2'])], { 'a-1': 'answered', 'a-2': { kind: 'timedOut', seconds: 10 } }), [
      'unknown',
      'Whether foo/a-2 is connected to istiod is not known: no answer within 10 s',
    ].join('\n'));
    assert.equal(verdict([proxy('a', ['a-1', 'a-2'])], { 'a-1': 'answered' }), 'unknown\nfoo/Deployment/a (a-2) could not be read');
    assert.equal(verdict([], undefined), 'unknown\nWhether the proxies are connected to istiod was not asked.');
    assert.equal(verdict([], { kind: 'failed', failure: { kind: 'cancelled' } }), 'unknown\ncancelled');
  });

  it('is not asked of those that are waived, or have not begun', () => {
    const others = [proxy('waived', ['w-1'], { waived: true }), proxy('young', ['y-1'], { standing: { kind: 'followsInjector' } })];
    assert.match(verdict([proxy('a', ['a-1']), ...others], { 'a-1': 'answered', 'w-1': 'none', 'y-1': 'none' }), /^verified\n.* 1 was asked/u);
  });
});

describe('istiod of before the restart', () => {
  function withIstiods(...uids: readonly string[]): MeshSituation {
    const put = (snapshot: ClusterSnapshot): ClusterSnapshot => {
      const system = snapshot.namespaces.get('istio-system');
      assert.ok(system);
      const owner = { kind: 'Deployment', name: `istiod-${R2}` } as const;
      const pods = new Map(uids.map((uid) => [uid, { ...pod('istio-system', `istiod-${uid}`, { owner, terminating: uid === 'ending' }), uid }]));
      return { ...snapshot, namespaces: new Map([...snapshot.namespaces, ['istio-system', { ...system, pods }]]) };
    };
    return situation({ change: put });
  }

  it('has to be gone: while it is ending, whoever is connected may be so to it', () => {
    const after = istiodsReplaced(withIstiods('ending', 'old'), CLUSTER, R2);
    assert.equal(told(after(withIstiods('ending', 'new'))), 'open\nPod istiod-ending of before the restart has not ended yet: proxies may still be connected to it');
    assert.equal(told(after(withIstiods('new', 'newer'))), 'verified');
  });

  it('keeps both steps open that restart it', () => {
    for (const step of ['restart-control-plane', 'restore-secrets'] as const) {
      const plan = draft(order(step, 3, undefined, { 'istio-ca-secret': '/srv/backups/one.yaml' }), withIstiods('old'));
      assert.match(told(plan.verify!(withIstiods('old'))), /^open\n[^]*Pod istiod-old of before the restart/u, step);
      assert.doesNotMatch(told(plan.verify!(withIstiods('new'))), /of before the restart/u, step);
    }
  });

  it('is not taken for gone where pods are not known', () => {
    const after = istiodsReplaced(withIstiods('old'), CLUSTER, R2);
    assert.equal(told(after(situation({ mesh: { kinds: { pods: { state: 'loading' } } } }))), 'unknown\npods have not been read yet.');
    assert.equal(told(after({ ...situation(), snapshots: [] })).split('\n')[0], 'unknown');
  });
});
