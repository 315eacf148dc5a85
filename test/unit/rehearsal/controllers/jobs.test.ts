// Jobs and CronJobs: what ends, what a sidecar keeps from ending, and when the next one is due.
import assert from 'node:assert/strict';
import { nextDue } from '../../../../src/rehearsal/controllers/cronSchedule.js';
import { missingPods } from '../../../../src/rehearsal/controllers/jobController.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { create, meshOf, podsOf } from '../mesh/drawnMesh.js';
import type { TestMesh } from '../mesh/drawnMesh.js';

const FROM = new Date('2026-03-01T12:30:30Z');

function due(schedule: string): string {
  return nextDue(schedule, FROM)?.toISOString().slice(0, 16) ?? 'never';
}

function jobSpec(spec: Record<string, unknown> = {}): Record<string, unknown> {
  const template = { metadata: { labels: { app: 'work' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'work', image: 'work:1' }] } };
  return { template, ...spec };
}

function phases(mesh: TestMesh, namespace: string): string[] {
  return podsOf(mesh.first, namespace).filter(({ metadata }) => metadata.labels?.app === 'work').map(({ status }) => status?.phase ?? '');
}

describe('a schedule', () => {
  it('is due at the first minute that fits all five fields', () => {
    assert.equal(due('*/5 * * * *'), '2026-03-01T12:35');
    assert.equal(due('0 3 * * *'), '2026-03-02T03:00');
    assert.equal(due('15,45 8-10 * * 1'), '2026-03-02T08:15');
    assert.equal(due('0 0 1 1 *'), '2027-01-01T00:00');
  });

  it('is never due where it cannot be', () => {
    assert.equal(due('0 0 30 2 *'), 'never');
    assert.equal(due('nonsense'), 'never');
  });
});

describe('a Job', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('asks for no more pods than are missing or may run at once', () => {
    const template = { spec: { containers: [] } };
    assert.equal(missingPods({ template, completions: 5, parallelism: 2 }, 0, 0), 2);
    assert.equal(missingPods({ template, completions: 5, parallelism: 2 }, 4, 0), 1);
    assert.equal(missingPods({ template, completions: 5, parallelism: 2 }, 4, 1), 0);
    assert.equal(missingPods({ template, suspend: true }, 0, 0), 0);
  });

  it('completes outside the mesh, pod after pod', () => {
    const mesh = meshOf('asm-citadel');
    create(mesh.first, { resource: 'jobs.batch', object: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work', namespace: 'plain' }, spec: jobSpec({ completions: 2 }) } });
    mesh.clock.advance(60_000);
    assert.deepEqual(phases(mesh, 'plain'), ['Succeeded', 'Succeeded']);
    const job = mesh.first.backend.store.get('jobs.batch', 'plain', 'work');
    assert.equal(textAt(job, 'status', 'conditions', 0, 'type'), 'Complete');
    assert.equal(textAt(job, 'status', 'succeeded'), '2');
  });

  it('hurts: does not complete in the mesh, because its sidecar keeps running', () => {
    const mesh = meshOf('asm-citadel');
    create(mesh.first, { resource: 'jobs.batch', object: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'work', namespace: 'foo' }, spec: jobSpec() } });
    mesh.clock.advance(3_600_000);
    assert.deepEqual(phases(mesh, 'foo'), ['Running']);
    const pod = podsOf(mesh.first, 'foo').find(({ metadata }) => metadata.labels?.app === 'work')!;
    const running = ((pod.status?.containerStatuses ?? []) as { name: string; state: object }[]).map(({ name, state }) => `${name} ${Object.keys(state).join()}`);
    assert.deepEqual(running.sort(), ['istio-proxy running', 'work terminated']);
    assert.notEqual(mesh.first.proxyIn('foo', pod.metadata.name)?.trust, undefined, 'its proxy is alive');
  });

  it('hurts: of a CronJob that forbids overlaps, held up by its sidecar, is the last one ever', () => {
    const mesh = meshOf('asm-citadel');
    const spec = { schedule: '*/10 * * * *', concurrencyPolicy: 'Forbid', jobTemplate: { spec: jobSpec() } };
    create(mesh.first, { resource: 'cronjobs.batch', object: { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick', namespace: 'foo' }, spec } });
    mesh.clock.advance(3_600_000);
    const { store } = mesh.first.backend;
    assert.equal(store.list('jobs.batch', 'foo').length, 1);
    assert.equal(textAt(store.get('cronjobs.batch', 'foo', 'tick'), 'status', 'active', 0, 'kind'), 'Job');
  });

  it('is made by a CronJob at each due minute, of which the last three finished ones are kept', () => {
    const mesh = meshOf('asm-citadel');
    const spec = { schedule: '*/10 * * * *', jobTemplate: { spec: jobSpec() } };
    create(mesh.first, { resource: 'cronjobs.batch', object: { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick', namespace: 'plain' }, spec } });
    mesh.clock.advance(3_600_000 + 60_000);
    const jobs = mesh.first.backend.store.list('jobs.batch', 'plain');
    assert.equal(jobs.length, 4, 'three and the one that was running when history was cleared');
    assert.match(textAt(mesh.first.backend.store.get('cronjobs.batch', 'plain', 'tick'), 'status', 'lastScheduleTime'), /T13:00:00Z$/u);
  });
});
