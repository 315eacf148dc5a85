// The step runner as it is shipped, a process of its own, with small Node scripts for command lines.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import esbuild from 'esbuild';
import { TemporaryStepRunFolders } from '../../../../src/adapters/step/stepRunFolder.js';
import type { CommandSpec } from '../../../../src/domain/steps/commandSpec.js';
import type { RunPurpose, StepRecord, StepSpec } from '../../../../src/domain/steps/stepRecord.js';
import { REPOSITORY } from '../../../support/repository.js';

interface Run {
  readonly output: string;
  readonly exitCode: number | null;
  readonly record: StepRecord | undefined;
  /** Names of the files in the run's folder afterwards. */
  readonly files: readonly string[];
}

/** A command line that runs this script in Node. */
function node(script: string, more: Partial<CommandSpec> = {}): CommandSpec {
  return { argv: [process.execPath, '-e', script], ...more };
}

describe('the step runner process', () => {
  let folder: string;
  let runner: string;

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-test-'));
    runner = path.join(folder, 'step.js');
    const entry = path.join(REPOSITORY, 'src/adapters/step/main.ts');
    await esbuild.build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile: runner });
  });

  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function run(commands: readonly CommandSpec[], language = 'en', purpose: RunPurpose = 'step'): Promise<Run> {
    const spec: StepSpec = { runId: 'run-1', language, commands, purpose };
    const runFolder = await new TemporaryStepRunFolders().prepare(spec);
    const child = spawn(process.execPath, [runner, runFolder.specFile, runFolder.recordFile], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    await once(child, 'close');
    const text = await runFolder.readRecord();
    const files = fs.readdirSync(path.dirname(runFolder.recordFile)).sort();
    await runFolder.remove();
    return { output, exitCode: child.exitCode, record: text === undefined ? undefined : (JSON.parse(text) as StepRecord), files };
  }

  it('feeds a command line what it carries, and the next one reads the terminal again', async () => {
    const echo = "process.stdin.setEncoding('utf8').on('data', (text) => process.stdout.write('<' + text + '>')).resume()";
    const { output, record } = await run([node(echo, { stdin: '{"kind":"Pod"}' }), node(echo)]);
    assert.match(output, /<\{"kind":"Pod"\}>/u);
    assert.equal(output.match(/<\{/gu)?.length, 1);
    assert.equal(record?.exitCode, 0);
  });

  it('makes the folder of an output file for its owner alone', async () => {
    const file = path.join(folder, 'new', 'deeper', 'out.txt');
    await run([node("process.stdout.write('kept')", { stdoutFile: file })]);
    assert.equal(fs.readFileSync(file, 'utf8'), 'kept');
    assert.equal(fs.statSync(path.dirname(file)).mode & 0o777, 0o700);
  });

  it('prints each command line, runs them in order, and records exit code 0 of the last', async () => {
    const { output, exitCode, record, files } = await run([node('console.log("one")'), node('console.log("two")')]);
    assert.match(output, /\$ \S+ -e 'console.log\("one"\)'[^\n]*\none\n[^\n]*two"\)'[^\n]*\ntwo\n/);
    assert.equal(exitCode, 0);
    assert.deepEqual({ ...record, startedAt: '', endedAt: '' }, { runId: 'run-1', startedAt: '', endedAt: '', command: 1, exitCode: 0 });
    assert.deepEqual(files, ['record.json', 'spec.json']);
  });

  it('says that commands ran and never that the step succeeded', async () => {
    const { output } = await run([node('')]);
    assert.match(output, /1 command line ran/);
    assert.doesNotMatch(output, /success|done/i);
  });

  it('says of a dry run, and of what tidies up, that they are that and no step to be judged', async () => {
    const dry = await run([node('')], 'en', 'dryRun');
    assert.match(dry.output, /Dry run of 1 command line: nothing was refused, and nothing was changed in the cluster\./);
    const tidied = await run([node('')], 'en', 'cleanUp');
    assert.match(tidied.output, /1 command line ran, to take away what the step had made for itself\./);
    for (const { output } of [dry, tidied]) assert.doesNotMatch(output, /is being checked/);
    assert.match((await run([node('process.exit(3)')], 'en', 'dryRun')).output, /command 1 of 1 ended with exit code 3/);
  });

  it('speaks the language of the editor', async () => {
    assert.match((await run([node('')], 'ko')).output, /명령 1개를 실행했습니다/);
  });

  it('stops at the first command line that fails', async () => {
    const { output, exitCode, record } = await run([node('process.exit(3)'), node('console.log("never")')]);
    assert.doesNotMatch(output, /^never/m);
    assert.match(output, /command 1 of 2 ended with exit code 3/);
    assert.equal(exitCode, 3);
    assert.equal(record?.exitCode, 3);
    assert.equal(record.command, 0);
  });

  it('gives its children neither what makes Electron a Node nor a shell', async () => {
    const { output } = await run([node('console.log("IS", process.env.ELECTRON_RUN_AS_NODE, process.argv[1])', {}), { argv: [process.execPath, '-p', '"a b; $HOME"'] }]);
    assert.match(output, /^IS undefined/m);
    assert.match(output, /^a b; \$HOME$/m);
  });

  it('runs with the environment and in the folder of the command line', async () => {
    const { output } = await run([node('console.log("IN", process.cwd(), process.env.CITY)', { cwd: fs.realpathSync(os.tmpdir()), env: { CITY: 'Seoul' } })]);
    assert.match(output, new RegExp(`^IN ${fs.realpathSync(os.tmpdir())} Seoul`, 'm'));
  });

  it('says what is missing, exits 127, and tells a missing folder from a missing tool', async () => {
    const tool = await run([{ argv: ['mesh-ca-no-such-tool'] }]);
    assert.match(tool.output, /mesh-ca-no-such-tool was not found/);
    assert.equal(tool.exitCode, 127);
    assert.equal(tool.record?.missing, 'mesh-ca-no-such-tool');
    const place = await run([node('', { cwd: path.join(folder, 'gone') })]);
    assert.match(place.output, /The folder .*gone does not exist/);
    assert.equal(place.exitCode, 126);
    assert.equal(place.record?.missing, undefined);
  });

  it('writes stdout to a new file that only its owner can read, and never into one that is there', async () => {
    const stdoutFile = path.join(folder, 'secret.yaml');
    const first = await run([node('console.log("kept")', { stdoutFile })]);
    assert.equal(first.exitCode, 0);
    assert.equal(fs.readFileSync(stdoutFile, 'utf8'), 'kept\n');
    if (process.platform !== 'win32') assert.equal(fs.statSync(stdoutFile).mode & 0o777, 0o600);
    const second = await run([node('console.log("other")', { stdoutFile })]);
    assert.equal(second.exitCode, 126);
    assert.match(second.output, /cannot be created anew/);
    assert.equal(fs.readFileSync(stdoutFile, 'utf8'), 'kept\n');
  });

  if (process.platform !== 'win32') describeSignals();

  /** A command line that sends the runner a signal while it runs. */
  function sending(signal: NodeJS.Signals, then: string): CommandSpec {
    return node(`process.kill(process.ppid, "${signal}"); ${then}`);
  }

  function describeSignals(): void {
    const never = node('console.log("never")');

    it('passes SIGTERM and SIGHUP on, records them and exits with 128 and their number', async () => {
      for (const [signal, number] of [['SIGTERM', 15], ['SIGHUP', 1]] as const) {
        const { exitCode, record, output } = await run([sending(signal, 'setInterval(() => {}, 1000)'), never]);
        assert.equal(exitCode, 128 + number);
        assert.equal(record?.signal, signal);
        assert.match(output, new RegExp(`Interrupted \\(${signal}\\)`));
        assert.doesNotMatch(output, /^never/m);
      }
    });

    it('survives Ctrl+C, which its children get themselves, and does not call it run even when the child exits with 0', async () => {
      const { exitCode, record, output } = await run([sending('SIGINT', 'process.exit(0)'), never]);
      assert.equal(record?.signal, 'SIGINT');
      assert.equal(exitCode, 130);
      assert.doesNotMatch(output, /^never/m);
    });

    it('records the signal that killed a command line', async () => {
      const { exitCode, record } = await run([node('process.kill(process.pid, "SIGKILL")')]);
      assert.equal(record?.signal, 'SIGKILL');
      assert.equal(exitCode, 137);
    });

    it('leaves no record when it is killed itself', async () => {
      const { record, files } = await run([sending('SIGKILL', '')]);
      assert.equal(record, undefined);
      assert.deepEqual(files, ['spec.json']);
    });

    it('keeps orders and record in a folder of its owner alone', async () => {
      const runFolder = await new TemporaryStepRunFolders().prepare({ runId: 'x', language: 'en', commands: [never], purpose: 'step' });
      assert.equal(fs.statSync(path.dirname(runFolder.specFile)).mode & 0o777, 0o700);
      assert.equal(fs.statSync(runFolder.specFile).mode & 0o777, 0o600);
      await runFolder.remove();
      assert.equal(fs.existsSync(path.dirname(runFolder.specFile)), false);
    });
  }

  it('runs nothing when its orders are gone', async () => {
    const child = spawn(process.execPath, [runner, path.join(folder, 'gone.json'), path.join(folder, 'record.json')], { stdio: 'ignore' });
    const [exitCode] = (await once(child, 'close')) as [number];
    assert.equal(exitCode, 2);
    assert.equal(fs.existsSync(path.join(folder, 'record.json')), false);
  });
});
