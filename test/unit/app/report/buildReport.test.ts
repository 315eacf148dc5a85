// The report for sign-off: what it says of a mesh in the middle of phase 1, and that nothing from a cluster becomes markup.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { JournalRecord } from '../../../../src/app/journal/journalRecord.js';
import { buildReport } from '../../../../src/app/report/buildReport.js';
import { judgeMeshGate } from '../../../../src/app/report/judgedGates.js';
import { REPORT_STYLE, REPORT_STYLE_HASH, renderReportHtml, renderReportMarkdown } from '../../../../src/app/report/renderReport.js';
import type { ReportInput } from '../../../../src/app/report/reportInput.js';
import type { ClusterGateFacts, ControlPlaneGateFacts, GateFacts, ProxyFacts } from '../../../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../../../src/domain/gates/gateFacts.js';
import type { MigrationPosition, TargetPosition } from '../../../../src/domain/position/position.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { MESH_CA_ROOT } from '../../../../src/domain/trust/rootNames.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { changed, readText } from '../../../support/planText.js';

const EVIL = '<script>alert("x")</script> | [x](y) `z`';
const plan = readText(changed('is switched off next week', EVIL.replaceAll('"', "'"))).plan!;
const [one, two] = plan.clusters.map(({ ref }) => ref) as [{ kubeconfig: string; context: string }, { kubeconfig: string; context: string }];
const keyOf = (ref: { kubeconfig: string; context: string }): string => `${ref.context}@${ref.kubeconfig}`;

function proxy(workload: string, anchors: readonly string[], issuer: string): ProxyFacts {
  const standing = { kind: 'read' as const, anchors, issuer, domain: 'cluster.local', inbound: 'any' as const, outbound: 'any' as const, expired: false };
  return { namespace: 'foo', workload: `Deployment/${workload}`, pods: ['a', 'b'], role: 'sidecar', revision: 'default', standing, waived: false };
}

function cluster(ref: typeof one, proxies: readonly ProxyFacts[], more: Partial<ClusterGateFacts> = {}): ClusterGateFacts {
  return {
    cluster: keyOf(ref), ref, unread: [], controlPlanes: [], proxies, creatable: [], webhooks: [], references: [],
    gatewayServices: [], caSecrets: [], probes: [], openIdentityFindings: 0, istiodService: undefined, ...more,
  };
}

function situation(clusters: readonly ClusterGateFacts[], more: Partial<GateFacts> = {}): MeshSituation {
  const facts: GateFacts = { clusters, baseline: { pairs: new Set() }, clustersNotInPlan: [], fleet: { state: 'read', members: 2, notInPlan: [] }, settled: true, meshCaDomain: 'd', revision1: plan.revision1, revision2: plan.revision2, ...more };
  return { plan, snapshots: [], facts, tools: { kubectl: '', asmcli: '', gcloud: '', istioctl: '', rolloutTimeoutMinutes: 1 }, now: Date.UTC(2026, 0, 2) };
}

const target = (ref: typeof one, namespace: string, state: TargetPosition['state']): TargetPosition =>
  ({ target: { scope: 'namespace', cluster: ref, namespace }, state, detail: undefined, wrong: false, leadsOn: 'migrate-namespace' });

const POSITION: MigrationPosition = {
  phases: [
    {
      phase: 1,
      title: message('plan.disk.missing', { path: 'Phase one' }),
      state: { kind: 'next' },
      steps: [
        {
          step: 'migrate-namespace', phase: 1, title: message('plan.disk.missing', { path: 'Move' }), state: { kind: 'next' }, done: 1, total: 3, unknown: 0,
          targets: [
            target(one, 'foo', { kind: 'done' }),
            target(one, EVIL, { kind: 'inTheWay', what: [message('plan.disk.missing', { path: EVIL })] }),
            target(two, 'foo', { kind: 'next' }),
          ],
        },
      ],
    },
  ],
  phase: 1,
  next: undefined,
  finished: false,
  namespacesLeft: 2,
  namespaces: 3,
};

const RECORD: JournalRecord = {
  step: 'migrate-namespace', phase: 1, target: { scope: 'namespace', kubeconfig: one.kubeconfig, context: one.context, namespace: 'foo', name: undefined },
  parameters: {}, title: 'Moved', who: { user: 'jo', host: 'desk', account: 'jo@example.com' }, startedAt: 'T1', endedAt: 'T2',
  commandLines: [`kubectl label ${EVIL}`], guideForm: true, outcome: 'failed', exitCode: 3, result: 'notVerified', evidence: [EVIL], evidenceSha256: 'e1',
};

function input(more: Partial<ReportInput> = {}): ReportInput {
  const clusters = [cluster(one, [proxy('app', ['R1', MESH_CA_ANCHOR], 'R1')], { unread: [message('reason.unread', { what: 'pods', reason: EVIL })] }), cluster(two, [proxy('app', ['R2', MESH_CA_ANCHOR], 'R1')])];
  const gates = [{ gate: 'phase-2' as const, state: 'shut' as const, evidence: [message('plan.disk.missing', { path: 'evidence' })], items: [{ cluster: keyOf(one), clusterName: 'one', subject: EVIL, problem: message('plan.disk.missing', { path: 'item' }), unknown: true, remedy: undefined, waivable: true }] }];
  return { situation: situation(clusters, { clustersNotInPlan: ['elsewhere'] }), position: POSITION, gates, journal: { records: [RECORD], troubles: [{ kind: 'changed', line: 7 }], lastHash: 'last' }, ...more };
}

const markdown = (more?: Partial<ReportInput>): string => renderReportMarkdown(buildReport(input(more)), textRenderer('en'));
const SAFE = '&lt;script>alert("x")&lt;/script> \\| \\[x\\](y) \\`z\\`';

describe('the report', () => {
  it('has every part, cluster by cluster, in tables that read', () => {
    const lines = markdown().split('\n');
    for (const line of [
      '# Migration from Istio CA to Mesh CA: fleet-project',
      '- As of 2026-01-02T00:00:00.000Z, read from the clusters',
      '- Clusters: one, two',
      `- one could not be read: pods (${SAFE})`,
      '- elsewhere belongs to the mesh and is not in the plan',
      '- Gate "Before phase 2": 1 item',
      `| Move is not there | one | something is in the way | 1 of 2 | ${SAFE}: ${SAFE} is not there |`,
      '| Move is not there | two | next | 0 of 1 | foo: next |',
      'Shut: 1 item is in the way.',
      '- evidence is not there',
      `| one | ${SAFE} | item is not there | not known<br>can be waived |`,
      `| Mesh CA | ${MESH_CA_ROOT} | one | 2 | 0 |`,
      '| another root | R1 | one | 2 | 2 |',
      '| another root | R1 | two | 0 | 2 |',
      `| one/foo/Deployment/httpbin | proxy | ${SAFE.replaceAll('"', "'")} | 2026-03-31 |`,
      '- line 7 of the journal was changed after it had been written',
      '### Moved · one/foo · not verified',
      '- jo@desk (jo@example.com), T1 to T2',
      '- exit code 3',
      '- the guide\'s own form was run',
      '- SHA-256 of this evidence: e1',
      `    kubectl label ${EVIL}`,
      '| Name | Role | Date | Signature |',
    ]) assert.ok(lines.includes(line), `${line}\n\n${lines.join('\n')}`);
    assert.ok(markdown().includes('has the hash last.'));
  });

  it('says whether what could talk still can, by both sides\' anchors and domains', () => {
    const lineOf = (more: readonly ClusterGateFacts[], facts: Partial<GateFacts>): string | undefined =>
      markdown({ situation: situation(more, facts) }).split('\n').find((line) => line.startsWith('| one | one '));
    const good = proxy('a', ['R1', MESH_CA_ANCHOR], 'R1');
    const moved = proxy('b', ['R1', MESH_CA_ANCHOR], MESH_CA_ANCHOR);
    const old = proxy('c', ['R1'], 'R1');
    assert.equal(lineOf([cluster(one, [good, moved])], {}), '| one | one | still authenticate each other |  |');
    assert.equal(lineOf([cluster(one, [good, moved, old])], {}), '| one | one | no longer authenticate each other | foo/Deployment/b ↔ foo/Deployment/c |');
    assert.equal(lineOf([cluster(one, [good, { ...old, standing: { kind: 'unknown', reason: message('reason.notReadYet') } }])], {}), '| one | one | not known |  |');
    assert.ok(markdown({ situation: situation([cluster(one, [good])], { baseline: undefined }) }).includes('No baseline was recorded'));
  });

  it('is one HTML page in which nothing loads, runs or becomes markup', () => {
    const html = renderReportHtml(buildReport(input()), 'en', textRenderer('en'));
    assert.ok(!html.includes('<script'));
    assert.ok(html.includes('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;'));
    assert.ok(html.includes(`content="default-src 'none'; style-src 'sha256-${REPORT_STYLE_HASH}'; base-uri 'none'; form-action 'none'"`));
    assert.equal(createHash('sha256').update(REPORT_STYLE).digest('base64'), REPORT_STYLE_HASH);
    assert.ok(html.includes(`<style>${REPORT_STYLE}</style>`));
    assert.deepEqual(html.match(/\b(?:src|href|on\w+)=/g), null);
    for (const element of ['table', 'thead', 'tbody', 'tr', 'td', 'th', 'ul', 'li', 'pre', 'p', 'h2', 'h3']) {
      assert.equal([...html.matchAll(new RegExp(`<${element}[ >]`, 'g'))].length, [...html.matchAll(new RegExp(`</${element}>`, 'g'))].length, element);
    }
  });

  it('says why the journal could not be read, in its place and among what is open, and not that there is none', () => {
    const text = markdown({ journal: undefined, journalFailure: { kind: 'unexpected', reason: 'EACCES: permission denied' } });
    const told = text.split('The journal of this machine could not be read: unexpected error: EACCES: permission denied').length - 1;
    assert.equal(told, 2);
    assert.ok(!text.includes('was not read.'));
  });

  it('says what it lacks: a plan, a journal, proxies', () => {
    const text = markdown({ situation: { ...situation([]), plan: undefined }, journal: undefined, gates: [], position: { ...POSITION, phases: [], finished: true } });
    for (const sentence of ['There is no plan.', 'The journal of this machine was not read.', 'No proxy has been read.', 'Everything is done.', 'Nothing is waived.']) assert.ok(text.includes(sentence), sentence);
  });

  it('speaks Korean', () => {
    assert.match(renderReportMarkdown(buildReport(input()), textRenderer('ko')), /\n## 게이트\n/);
  });
});

describe('the finish gate of a whole mesh', () => {
  const installed = (...revisions: readonly string[]): GateFacts => {
    const controlPlanes = revisions.map((revision) => ({ revision, installed: true, ready: true, signer: 'istioCa', issuer: 'R1', handsOutMeshCa: 'yes', trustDomain: 'd', accepts: ['d'], identity: '1', loadedPresentCa: true }) satisfies ControlPlaneGateFacts);
    const references = revisions.map((revision) => ({ kind: 'namespace' as const, name: `on-${revision}`, revision }));
    return situation([cluster(one, [], { controlPlanes, references })]).facts;
  };
  const inTheWay = (facts: GateFacts, revision?: string): readonly string[] => judgeMeshGate('finish', facts, revision).items.map(({ subject }) => subject).filter((subject) => subject.startsWith('on-'));

  it('asks of what is older than REVISION_1, and of REVISION_1 once REVISION_2 is there', () => {
    assert.deepEqual(inTheWay(installed('default', plan.revision1)), ['on-default']);
    assert.deepEqual(inTheWay(installed('default', plan.revision1, plan.revision2)), [`on-${plan.revision1}`, 'on-default']);
    assert.deepEqual(inTheWay(installed('default', plan.revision1), plan.revision1), [`on-${plan.revision1}`]);
  });

  it('is not open when it is not known what goes', () => {
    assert.notEqual(judgeMeshGate('finish', installed()).state, 'open');
  });
});
