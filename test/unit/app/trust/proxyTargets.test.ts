// Which proxies are looked at, in which order, and what is said when the list is not complete.
import assert from 'node:assert/strict';
import { proxyTargets, surveyNotices } from '../../../../src/app/trust/proxyTargets.js';
import type { KindState } from '../../../../src/domain/mesh/snapshot.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { pod, snapshot } from '../../../support/trustMesh.js';

const EVERYTHING = { contexts: [], namespaces: [] };

describe('proxies to look at', () => {
  it('come in the order of the API: by bytes, namespace before pod', () => {
    const mesh = snapshot('one', [pod('foo', 'b'), pod('foo', 'a-2'), pod('foo', 'a-10'), pod('bar', 'z')]);
    assert.deepEqual(proxyTargets([mesh], EVERYTHING).map((target) => target.pod.name), ['z', 'a-10', 'a-2', 'b']);
  });

  it('are those of the contexts and namespaces of the scope', () => {
    const meshes = ['one', 'two'].map((context) => snapshot(context, [pod('foo', `${context}-foo`), pod('bar', `${context}-bar`)]));
    const names = (contexts: string[], namespaces: string[]): string[] => proxyTargets(meshes, { contexts, namespaces }).map((target) => target.pod.name);
    assert.deepEqual(names(['two'], []), ['two-bar', 'two-foo']);
    assert.deepEqual(names([], ['foo']), ['one-foo', 'two-foo']);
    assert.deepEqual(names(['one'], ['bar']), ['one-bar']);
  });

  it('come with a notice for each cluster whose pods are not all known', () => {
    const failure = { kind: 'forbidden', reason: 'pods is forbidden' } as const;
    const states: readonly KindState[] = [{ state: 'live' }, { state: 'loading' }, { state: 'stale', since: 0, failure }, { state: 'failed', failure }];
    const meshes = states.map((pods, index) => {
      const known = snapshot(`cluster-${index}`, []);
      return { ...known, kinds: { ...known.kinds, pods } };
    });
    const notices = surveyNotices(meshes, EVERYTHING).map(textRenderer('en'));
    assert.equal(notices.length, 3);
    assert.match(notices[2] ?? '', /cluster-3 cannot be listed.*pods is forbidden/);
    assert.deepEqual(surveyNotices(meshes, { contexts: ['cluster-0'], namespaces: [] }), []);
  });
});
