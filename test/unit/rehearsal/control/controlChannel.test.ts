// The control channel from end to end: found by its file or a kubeconfig, closed to strangers, and clear about what is wrong.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runControl } from '../../../../src/rehearsal/control/controlCommandLine.js';
import { FOLDER_VARIABLE, readControlFile, writeControlFile } from '../../../../src/rehearsal/control/controlFile.js';
import type { ControlPlace } from '../../../../src/rehearsal/control/controlFile.js';
import { CommandProblem } from '../../../../src/rehearsal/control/commandWords.js';
import type { ControlCommand } from '../../../../src/rehearsal/control/controlCommands.js';
import { COMMANDS_PATH, startControlServer } from '../../../../src/rehearsal/control/controlServer.js';
import type { ControlServer } from '../../../../src/rehearsal/control/controlServer.js';
import { kubeconfigText } from '../../../../src/rehearsal/kubeconfig.js';

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('the control channel', () => {
  let folder: string;
  let file: string;
  let kubeconfig: string;
  let server: ControlServer;
  const taken: ControlCommand[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-ca-control-'));
    file = path.join(folder, 'control.json');
    kubeconfig = path.join(folder, 'kubeconfig');
    server = await startControlServer((command) => {
      taken.push(command);
      if (command.context === 'gone') throw new CommandProblem('there is no context "gone"');
      return Promise.resolve(['done', 'and well']);
    });
    await writeControlFile(file, { url: server.url, token: server.token, kubeconfig });
    const access = { contextName: 'one', server: 'https://127.0.0.1:1', certificateAuthorityPem: 'pem', token: 't' };
    await writeFile(kubeconfig, kubeconfigText([access], 'AA:BB', file));
  });

  beforeEach(() => {
    taken.length = 0;
  });

  after(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function run(words: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const written = { out: '', err: '' };
    const code = await runControl(words, {
      writeOut: (text) => (written.out += text),
      writeError: (text) => (written.err += text),
      environment,
    });
    return { code, ...written };
  }

  async function post(body: string, token: string): Promise<{ readonly status: number; readonly text: string }> {
    const response = await fetch(server.url + COMMANDS_PATH, { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, text: await response.text() };
  }

  it('is in a file that only its owner reads', async () => {
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match((JSON.parse(await readFile(file, 'utf8')) as ControlPlace).url, /^http:\/\/127\.0\.0\.1:\d+$/u);
  });

  it('takes a command to the mesh and brings back what came of it', async () => {
    assert.deepEqual(await run(['down', '--context', 'one', '--control', file]), { code: 0, out: 'done\nand well\n', err: '' });
    assert.deepEqual(taken, [{ action: { kind: 'fault', fault: { kind: 'down' } }, context: 'one' }]);
  });

  it('is found by the kubeconfig, and in terminals of the rehearsal by itself', async () => {
    assert.equal((await run(['list', '--kubeconfig', kubeconfig])).code, 0);
    assert.equal((await run(['list'], { [FOLDER_VARIABLE]: folder })).code, 0);
    assert.equal((await run(['list'], { KUBECONFIG: ['/nowhere', kubeconfig].join(path.delimiter) })).code, 0);
  });

  it('says when there is no rehearsal to be found', async () => {
    assert.match((await run(['list'])).err, /which rehearsal\? Say --kubeconfig/u);
    assert.match((await run(['list', '--kubeconfig', file])).err, /is no kubeconfig of a rehearsal/u);
    const { code, err } = await run(['list', '--control', path.join(folder, 'nothing')]);
    assert.deepEqual([code, err.includes('the rehearsal has ended')], [1, true]);
  });

  it('says when the rehearsal is there no more', async () => {
    const dead = path.join(folder, 'dead.json');
    await writeControlFile(dead, { url: 'http://127.0.0.1:9', token: 'x', kubeconfig });
    const { code, err } = await run(['list', '--control', dead]);
    assert.deepEqual([code, err.includes('does not answer')], [1, true]);
    assert.equal(await readControlFile(kubeconfig), undefined);
  });

  it('asks nobody about a command that it does not understand', async () => {
    assert.deepEqual(await run(['burn']), { code: 2, out: '', err: 'mesh-ca rehearsal: there is no command "burn"; --help lists them\n' });
    assert.deepEqual(taken, []);
  });

  it('hands on why the mesh refuses', async () => {
    assert.deepEqual(await run(['up', '--context', 'gone', '--control', file]), { code: 2, out: '', err: 'mesh-ca rehearsal: there is no context "gone"\n' });
  });

  it('refuses who does not have its token', async () => {
    const { status, text } = await post('{"command":"list"}', 'guessed');
    assert.deepEqual([status, JSON.parse(text)], [401, { problem: 'the token is not that of this rehearsal' }]);
    assert.deepEqual(taken, []);
  });

  it('answers what is no command with a sentence', async () => {
    const answers = [
      ['nonsense', /not JSON/u],
      ['{}', /names its command/u],
      ['{"command":"list","operands":[1]}', /operands are a list of texts/u],
      ['{"command":"crash","options":{"namespace":3}}', /options are texts/u],
      [`{"command":"${'x'.repeat(70_000)}"}`, /too long/u],
    ] as const;
    for (const [body, expected] of answers) {
      const { status, text } = await post(body, server.token);
      assert.equal(status, 400);
      assert.match((JSON.parse(text) as { problem: string }).problem, expected);
    }
    assert.deepEqual(taken, []);
  });

  it('begins no command before the one before has ended, even in failure', async () => {
    const events: string[] = [];
    const careful = await startControlServer(async ({ action }) => {
      const id = action.kind === 'clear' ? String(action.ids[0]) : '';
      events.push(`begin ${id}`);
      await new Promise(setImmediate);
      events.push(`end ${id}`);
      throw new CommandProblem('no');
    });
    const place = path.join(folder, 'careful.json');
    await writeControlFile(place, { url: careful.url, token: careful.token, kubeconfig });
    await Promise.all([1, 2, 3].map((id) => run(['clear', String(id), '--control', place])));
    await careful.close();
    assert.deepEqual(events.map((event) => event.split(' ')[0]), ['begin', 'end', 'begin', 'end', 'begin', 'end']);
  });
});
