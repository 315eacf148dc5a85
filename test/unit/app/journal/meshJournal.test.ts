// The journal of steps: what is kept, that nothing can be changed in it unseen, and that two windows can write it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { DiskJournalFiles } from '../../../../src/adapters/files/journalFiles.js';
import { SystemOperatorReader } from '../../../../src/adapters/files/operatorReader.js';
import { sha256 } from '../../../../src/adapters/files/sha256.js';
import { systemClock } from '../../../../src/adapters/systemClock.js';
import type { JournalReading } from '../../../../src/app/journal/journalChain.js';
import { readJournal } from '../../../../src/app/journal/journalChain.js';
import { journalName, MeshJournal } from '../../../../src/app/journal/meshJournal.js';
import type { StepJournalEntry } from '../../../../src/app/steps/procedurePorts.js';
import { message } from '../../../../src/shared/text/message.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { PLAN_TEXT, readText } from '../../../support/planText.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const CLUSTER = { kubeconfig: '/config', context: 'gke_p_z-a_one' };

function entry(more: Partial<StepJournalEntry> = {}): StepJournalEntry {
  return {
    order: { step: 'migrate-namespace', phase: 1, target: { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' }, parameters: { revision: 'r1' } },
    title: message('plan.disk.missing', { path: 'foo' }),
    startedAt: 0,
    endedAt: 1500,
    commandLines: ['kubectl label namespace foo istio.io/rev=r1 --kubeconfig /config --context gke_p_z-a_one'],
    guideForm: false,
    outcome: { kind: 'ran' },
    result: 'verified',
    evidence: [message('plan.disk.missing', { path: 'evidence' })],
    ...more,
  };
}

describe('the journal', () => {
  const inside = temporaryFolder();
  const errors: string[] = [];
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (text: string) => void errors.push(text) };
  const journal = (name: string, folder = 'journals'): MeshJournal =>
    new MeshJournal({
      files: new DiskJournalFiles(inside(folder), systemClock),
      operator: { who: () => Promise.resolve({ user: 'jo', host: 'desk', account: 'jo@example.com' }) },
      sha256,
      log: silent,
      text: textRenderer('en'),
      name: () => name,
    });
  const read = async (name: string): Promise<JournalReading> => {
    const reading = await journal(name).read();
    if (!reading.ok) throw new Error(reading.failure.kind);
    return reading.value;
  };
  const fileOf = (name: string): string => inside('journals', `${name}.jsonl`);

  it('keeps who did what, when, where, with which end and which evidence', async () => {
    await journal('whole').append(entry());
    const { records, troubles } = await read('whole');
    const evidence = ['evidence is not there'];
    assert.deepEqual(records, [
      {
        step: 'migrate-namespace',
        phase: 1,
        target: { scope: 'namespace', kubeconfig: '/config', context: 'gke_p_z-a_one', namespace: 'foo', name: undefined },
        parameters: { revision: 'r1' },
        title: 'foo is not there',
        who: { user: 'jo', host: 'desk', account: 'jo@example.com' },
        startedAt: '1970-01-01T00:00:00.000Z',
        endedAt: '1970-01-01T00:00:01.500Z',
        commandLines: ['kubectl label namespace foo istio.io/rev=r1 --kubeconfig /config --context gke_p_z-a_one'],
        guideForm: false,
        outcome: 'ran',
        exitCode: 0,
        result: 'verified',
        evidence,
        evidenceSha256: sha256(JSON.stringify(evidence)),
      },
    ]);
    assert.deepEqual(troubles, []);
    if (process.platform !== 'win32') assert.equal(fs.statSync(fileOf('whole')).mode & 0o777, 0o600);
  });

  it('keeps what failed with its exit code, and what has none without', async () => {
    await journal('ends').append(entry({ outcome: { kind: 'failed', command: 0, exitCode: 3 }, result: 'notDone' }));
    await journal('ends').append(entry({ outcome: { kind: 'interrupted', signal: 'SIGKILL' }, result: 'notDone' }));
    await journal('ends').append(entry({ outcome: undefined, result: 'blocked' }));
    assert.deepEqual((await read('ends')).records.map(({ outcome, exitCode, result }) => [outcome, exitCode, result]), [
      ['failed', 3, 'notDone'],
      ['interrupted', undefined, 'notDone'],
      [undefined, undefined, 'blocked'],
    ]);
  });

  it('never keeps what looks like a secret', async () => {
    await journal('secret').append(entry({ commandLines: [`curl -H "Authorization: ya29.${'x'.repeat(40)}"`] }));
    assert.deepEqual((await read('secret')).records[0]?.commandLines, ['curl -H "Authorization: …"']);
    assert.ok(!fs.readFileSync(fileOf('secret'), 'utf8').includes('ya29'));
  });

  it('shows a line that was changed, removed, put in or swapped', async () => {
    for (const namespace of ['a', 'b', 'c']) {
      await journal('chain').append(entry({ order: { ...entry().order, target: { scope: 'namespace', cluster: CLUSTER, namespace } } }));
    }
    const [first = '', second = '', third = ''] = fs.readFileSync(fileOf('chain'), 'utf8').split('\n');
    const troubles = (...lines: readonly string[]): unknown => readJournal(lines.map((line) => `${line}\n`).join(''), sha256).troubles;
    assert.deepEqual(troubles(first, second, third), []);
    assert.deepEqual(troubles(first, second.replace('"verified"', '"blocked"'), third), [{ kind: 'changed', line: 2 }]);
    assert.deepEqual(troubles(first, third), [{ kind: 'chainBroken', line: 2 }]);
    assert.deepEqual(troubles(second, third), [{ kind: 'chainBroken', line: 1 }]);
    assert.deepEqual(troubles(first, first, second, third), [{ kind: 'chainBroken', line: 2 }]);
    assert.deepEqual(troubles(first, '{"foreign":1}', second), [{ kind: 'unreadable', line: 2 }]);
    // Removed from the end it shows only to those who wrote the last hash down.
    assert.notEqual(readJournal(`${first}\n${second}\n`, sha256).lastHash, readJournal(`${first}\n${second}\n${third}\n`, sha256).lastHash);
  });

  it('goes on after a line that was torn off, and tells of it', async () => {
    await journal('torn').append(entry());
    await journal('torn').append(entry({ result: 'blocked' }));
    const text = fs.readFileSync(fileOf('torn'), 'utf8');
    for (const cut of [text.length - 1, text.length - 40, text.indexOf('\n') + 2]) {
      fs.writeFileSync(fileOf('torn'), text.slice(0, cut));
      const torn = await read('torn');
      assert.equal(torn.records.length, cut === text.length - 1 ? 2 : 1);
      assert.deepEqual(torn.troubles, cut === text.length - 1 ? [] : [{ kind: 'torn', line: 2 }]);
      await journal('torn').append(entry({ result: 'shown' }));
      const after = await read('torn');
      assert.equal(after.records.at(-1)?.result, 'shown');
      assert.deepEqual(after.troubles, cut === text.length - 1 ? [] : [{ kind: 'unreadable', line: 2 }]);
    }
  });

  it('is written by two windows at once without a broken chain', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => journal('shared').append(entry({ parameters: {}, endedAt: index } as Partial<StepJournalEntry>))));
    const { records, troubles } = await read('shared');
    assert.deepEqual([records.length, troubles], [12, []]);
  });

  it('takes over the lock of a process that has ended', async () => {
    fs.mkdirSync(inside('journals'), { recursive: true });
    const ended = spawnSync(process.execPath, ['-e', '']).pid;
    fs.writeFileSync(`${fileOf('left')}.lock`, String(ended));
    await journal('left').append(entry());
    assert.equal((await read('left')).records.length, 1);
  });

  it('does not keep a step from going on when it cannot be written, and says so in the log', async () => {
    fs.writeFileSync(inside('file'), '');
    await journal('any', 'file').append(entry());
    assert.match(errors.join(), /^step migrate-namespace \(verified\) could not be written to the journal: /);
  });

  it('has the fleet\'s name, and reads an empty one where there is none', async () => {
    assert.equal(journalName(readText(PLAN_TEXT).plan), 'fleet-project');
    assert.equal(journalName(undefined), 'without-plan');
    assert.deepEqual(await read('never-written'), { records: [], troubles: [], lastHash: undefined });
  });
});

describe('who is at the keyboard', () => {
  const inside = temporaryFolder();

  it('is the user of the system and the account of gcloud\'s active configuration', async () => {
    fs.mkdirSync(inside('configurations'));
    fs.writeFileSync(inside('active_config'), 'work\n');
    fs.writeFileSync(inside('configurations', 'config_work'), '[compute]\naccount = other\n[core]\nproject = p\naccount = jo@example.com\n');
    fs.writeFileSync(inside('configurations', 'config_home'), '[core]\nproject = p\n[auth]\naccount = other\n');
    const account = async (environment: Record<string, string>): Promise<string | undefined> => (await new SystemOperatorReader(environment).who()).account;
    assert.equal(await account({ CLOUDSDK_CONFIG: inside() }), 'jo@example.com');
    assert.equal(await account({ CLOUDSDK_CONFIG: inside(), CLOUDSDK_CORE_ACCOUNT: 'env@example.com' }), 'env@example.com');
    assert.equal(await account({ CLOUDSDK_CONFIG: inside(), CLOUDSDK_ACTIVE_CONFIG_NAME: 'home' }), undefined);
    assert.equal(await account({ CLOUDSDK_CONFIG: inside('none') }), undefined);
    assert.notEqual((await new SystemOperatorReader({}).who()).user, '');
  });
});
