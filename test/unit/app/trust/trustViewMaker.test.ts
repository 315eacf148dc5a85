// What the page's views show of a survey with real certificates, and what leaves it as text.
import assert from 'node:assert/strict';
import { parseSurveyDocument } from '../../../../src/adapters/files/surveyFileSchema.js';
import type { SurveyEvidence, TrustViewMaker } from '../../../../src/app/trust/surveyEvidence.js';
import type { Work } from '../../../../src/app/trust/stretches.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import type { ProxyRecord } from '../../../../src/app/trust/surveyRecord.js';
import type { ProxyReading } from '../../../../src/app/trust/trustSurvey.js';
import { createTrustViewMaker } from '../../../../src/app/trust/trustViewMaker.js';
import { exportFormats } from '../../../../src/shared/trustViews.js';
import type { GateView, MatrixView, PairState } from '../../../../src/shared/trustViews.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { evidenceOf } from '../../../support/surveyEvidence.js';
import { MIXED_MESH, recordOf } from '../../../support/surveyRecords.js';
import { reader } from '../../../support/trustCertificates.js';
import { NOW, snapshot } from '../../../support/trustMesh.js';

const say = textRenderer('en');

function newMaker(): TrustViewMaker {
  return createTrustViewMaker({ parse: parseSurveyDocument, certificateReader: reader, tool: 'a test' });
}

const SIGNS: Readonly<Record<PairState, string>> = { yes: '✓', no: '✕', unknown: '?' };

function drawn({ classes, cells }: MatrixView): readonly string[] {
  return cells.map((row, index) => `${classes[index]?.name ?? ''}(${classes[index]?.count ?? 0}) ${row.map(({ out, back, changed }) => `${SIGNS[out]}${SIGNS[back]}${changed ? '!' : ''}`).join(' ')}`);
}

/** Thousands like `reading`, and a count of how often one of their pods was looked at. */
function manyLike({ target, trust }: ProxyReading, count: number): { readonly evidence: SurveyEvidence; readonly looks: { pods: number } } {
  const looks = { pods: 0 };
  const pods = Array.from({ length: count }, (_, index) => ({ ...target.pod, namespace: `team-${index % 40}`, name: `pod-${index}` }));
  const proxies = pods.map((pod): ProxyRecord => {
    const watched = {
      cluster: target.cluster,
      get pod() {
        looks.pods += 1;
        return pod;
      },
    };
    return { target: watched, trust, domains: 'unknown', mtls: 'unknown' };
  });
  const mesh = snapshot(target.cluster.context, pods);
  return { evidence: evidenceOf({ clusters: [target.cluster], proxies, notices: [], finishedAt: NOW }, [mesh]), looks };
}

describe('the views of a survey', () => {
  let evidence: SurveyEvidence;
  before(async () => {
    evidence = evidenceOf(await recordOf(), [MIXED_MESH]);
  });

  it('count per cluster how far trust and signing have come', () => {
    const { total, trust, signing, clusters, gates } = finish(newMaker().overview(evidence));
    assert.deepEqual([total, trust.both, trust.istioCa, trust.unknown], [4, 2, 1, 1]);
    assert.deepEqual([signing.meshCa, signing.istioCa, signing.unread], [1, 2, 1]);
    assert.deepEqual(clusters.map(({ name, total: own }) => [name, own]), [['one', 4]]);
    assert.deepEqual(gates.map(({ phase, ready }) => [phase, ready]), [['trust', 2], ['signing', 1]]);
  });

  it('gather what is in the way by namespace and reason, without those that are ready', () => {
    const [trust, signing] = finish(newMaker().overview(evidence)).gates;
    const lines = (gate: GateView | undefined): readonly string[] => gate?.obstacles.map(({ namespace, pods, workloads, action }) => `${namespace} ${pods} ${workloads.join(',')} ${action ?? '–'}`) ?? [];
    assert.deepEqual([...lines(trust)].sort(), ['foo 1 old-1 migrate', 'foo 1 refused-1 survey']);
    assert.deepEqual([...lines(signing)].sort(), ['foo 1 refused-1 survey', 'foo 2 both-1,old-1 migrate']);
  });

  it('name no namespace as in the way whose proxies a cancelled survey did not ask', () => {
    const rows = new Map([...evidence.rows].map(([id, row]) => [id, row.pod === 'refused-1' ? { ...row, why: message('failure.cancelled') } : row] as const));
    const [trust] = finish(newMaker().overview({ ...evidence, rows })).gates;
    assert.deepEqual([trust?.ready, trust?.total, trust?.obstacles.map(({ workloads }) => workloads)], [2, 4, [['old-1']]]);
  });

  it('tell what has changed since the survey before', () => {
    const rows = [...evidence.rows.values()];
    const was = rows.filter(({ pod }) => pod !== 'new-1').map((row) => (row.pod === 'both-1' ? { ...row, roots: row.roots.slice(0, 1) } : row));
    const { difference } = finish(newMaker().overview({ ...evidence, previous: { rows: was, finishedAt: NOW - 1 } }));
    assert.deepEqual([difference?.changed, difference?.added, difference?.gone, difference?.since], [1, 1, 0, NOW - 1]);
    assert.deepEqual(difference?.list.map(({ pod }) => pod), ['foo/both-1', 'bar/new-1']);
    assert.equal(finish(newMaker().overview(evidence)).difference, undefined);
  });

  it('draw the matrix with both directions of a pair in one cell, classes in words', () => {
    const matrix = finish(newMaker().matrix(evidence, undefined));
    const old = matrix.classes.findIndex(({ roots }) => roots.length === 1);
    const signedByMesh = matrix.classes.findIndex(({ signedBy }) => signedBy?.label === 'MESHCA');
    assert.deepEqual([matrix.cells[old]?.[signedByMesh]?.out, matrix.cells[old]?.[signedByMesh]?.back], ['no', 'no']);
    assert.equal(matrix.classes[old]?.identity, 'cluster.local');
    assert.equal(drawn(matrix).length, 4);
    assert.equal(matrix.classes.at(-1)?.remarks.length, 1);
  });

  it('open a cell to the reasons of both directions and to the proxies of both sides', () => {
    const maker = newMaker();
    const matrix = finish(maker.matrix(evidence, undefined));
    const row = matrix.classes.findIndex(({ roots }) => roots.length === 1);
    const column = matrix.classes.findIndex(({ signedBy }) => signedBy?.label === 'MESHCA');
    const pair = maker.pair({ row, column, rowOffset: 0, columnOffset: 0 });
    assert.match(pair?.out.map(say).join(' ') ?? '', /the client .* has no anchor for MESHCA/);
    assert.deepEqual([pair?.rowMembers.pods[0]?.name, pair?.columnMembers.pods[0]?.name], ['foo/old-1', 'bar/new-1']);
    assert.equal(maker.pair({ row: 9, column: 0, rowOffset: 0, columnOffset: 0 }), undefined);
  });

  it('suppose a step that was not run, mark the cells that it changes, and run nothing', () => {
    const maker = newMaker();
    const { hypotheses } = finish(maker.matrix(evidence, undefined));
    const move = hypotheses.find(({ label }) => /foo.*asm-2/.test(say(label)));
    assert.ok(move);
    const after = finish(maker.matrix(evidence, move.id));
    assert.equal(after.hypothesis, move.id);
    assert.ok(after.cells.flat().some(({ changed }) => changed));
    assert.deepEqual(finish(maker.matrix(evidence, 'no such step')).hypothesis, undefined);
  });

  it('list each root once with its holders, and put every end into one calendar', () => {
    const { holdings, calendars, expired } = finish(newMaker().certificates(evidence));
    const anchors = holdings.filter(({ role }) => role === 'anchor');
    assert.deepEqual(anchors.map(({ name }) => name.label).sort(), ['CITADEL', 'MESHCA']);
    const [leaves, authorities] = calendars.map(({ buckets }) => buckets.reduce((sum, bucket) => sum + bucket.leaves + bucket.issuers + bucket.roots, 0));
    assert.deepEqual([leaves, authorities, expired], [3, holdings.length, 0]);
    for (const { buckets } of calendars) assert.ok(buckets.length <= 48);
  });

  it('look at a few hundred proxies in one stretch, exports and the saved file as well', () => {
    const [reading] = [...evidence.readings.values()].filter(({ trust }) => trust.ok);
    assert.ok(reading);
    const { evidence: many, looks } = manyLike(reading, 900);
    const maker = newMaker();
    const { hypotheses } = finish(maker.matrix(many, undefined));
    const works: readonly (() => Work<unknown>)[] = [
      () => maker.overview(many),
      () => maker.certificates(many),
      ...[undefined, ...new Map(hypotheses.map(({ id, label }) => [label.key, id])).values()].map((id) => () => maker.matrix(many, id)),
      ...exportFormats.map((format) => () => maker.exportText(many, format, say)),
      () => maker.saveText(many),
    ];
    for (const [place, make] of works.entries()) {
      const work = make();
      looks.pods = 0;
      while (work.next().done !== true) {
        assert.ok(looks.pods <= 800, `work ${place}: ${looks.pods} looks at pods in one stretch`);
        looks.pods = 0;
      }
      assert.ok(looks.pods <= 800, `work ${place}: ${looks.pods} looks at pods in the last stretch`);
    }
  });

  it('explain one proxy: what it keeps shut, and its chain', () => {
    const row = [...evidence.rows.values()].find(({ pod }) => pod === 'old-1');
    const explanation = newMaker().explain(evidence, row?.id ?? '');
    assert.deepEqual(explanation?.obstacles.map(({ phase, action }) => [phase, action]), [['trust', 'migrate'], ['signing', 'migrate']]);
    assert.equal(explanation.chain.length, 2);
    assert.equal(newMaker().explain(evidence, 'nobody'), undefined);
  });

  it('export every form with every proxy, and save what opens to the same rows', () => {
    const maker = newMaker();
    for (const format of exportFormats) assert.match(finish(maker.exportText(evidence, format, say)).join(''), /old-1/, format);
    const opened = finish(maker.readSaved(new TextEncoder().encode(finish(maker.saveText(evidence)).join(''))));
    assert.ok(opened.ok);
    const saved = { ...evidenceOf(opened.record, []), saved: opened.record };
    assert.deepEqual(finish(maker.overview(saved)).trust, finish(maker.overview(evidence)).trust);
    assert.deepEqual(drawn(finish(maker.matrix(saved, undefined))), drawn(finish(maker.matrix(evidence, undefined))));
    assert.equal(finish(maker.readSaved(new TextEncoder().encode('{}'))).ok, false);
  });
});
