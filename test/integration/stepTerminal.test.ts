// Steps as tasks in a real integrated terminal: what VS Code tells of them, and what only the runner's record can tell.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { TemporaryStepRunFolders } from '../../src/adapters/step/stepRunFolder.js';
import { systemClock } from '../../src/adapters/systemClock.js';
import type { Clock, Log } from '../../src/app/ports.js';
import { STEP_TASK } from '../../src/contributions.js';
import type { CommandSpec, StepOutcome } from '../../src/domain/steps/commandSpec.js';
import { TaskStepTerminal } from '../../src/ui/terminal/taskStepTerminal.js';
import { REPOSITORY } from '../support/repository.js';

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const ENDLESS = 'setInterval(() => {}, 1000)';

function node(script: string, more: Partial<CommandSpec> = {}): CommandSpec {
  return { argv: [process.execPath, '-e', script], ...more };
}

/** The next of our tasks whose process runs. */
function nextStart(): Promise<vscode.TaskExecution> {
  return new Promise((resolve) => {
    const subscription = vscode.tasks.onDidStartTaskProcess(({ execution }) => {
      if (execution.task.definition.type !== STEP_TASK) return;
      subscription.dispose();
      resolve(execution);
    });
  });
}

/** Resolves when the file is there: how a command line says that it runs. */
function whenWritten(file: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = fs.watch(path.dirname(file), () => {
      if (!fs.existsSync(file)) return;
      watcher.close();
      resolve();
    });
  });
}

describe('steps in the integrated terminal', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-test-'));
  });

  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    for (const terminal of vscode.window.terminals) terminal.dispose();
  });

  function run(commands: readonly CommandSpec[], clock: Clock = systemClock): Promise<StepOutcome> {
    const terminal = new TaskStepTerminal({
      stepScript: path.join(REPOSITORY, 'dist', 'step.js'),
      nodePath: process.execPath,
      homeFolder: os.homedir(),
      folders: new TemporaryStepRunFolders(),
      clock,
      log: SILENT,
    });
    return terminal.run({ title: 'Test step', commands });
  }

  /** Runs a command line that never ends by itself, and does this to it as soon as it runs. */
  async function runAnd(interfere: (execution: vscode.TaskExecution, pid: number) => void): Promise<StepOutcome> {
    const file = path.join(folder, 'pid');
    const running = whenWritten(file);
    const started = nextStart();
    const script = `require("fs").writeFileSync("${file}.new", String(process.pid)); require("fs").renameSync("${file}.new", "${file}"); ${ENDLESS}`;
    const outcome = run([node(script)]);
    await running;
    interfere(await started, Number(fs.readFileSync(file, 'utf8')));
    return outcome;
  }

  it('have run when every command line exited with 0', async () => {
    assert.deepEqual(await run([node(''), node('')]), { kind: 'ran' });
  });

  it('fail with the command line and its exit code', async () => {
    assert.deepEqual(await run([node(''), node('process.exit(7)'), node('')]), { kind: 'failed', command: 1, exitCode: 7 });
  });

  it('are not started when the tool is not there', async () => {
    assert.deepEqual(await run([{ argv: ['mesh-ca-no-such-tool'] }]), { kind: 'notStarted', reason: 'toolMissing', detail: 'mesh-ca-no-such-tool' });
  });

  it('are interrupted by Ctrl+C, which VS Code may report as exit code 0', async () => {
    const outcome = await runAnd(() => {
      vscode.window.terminals.find(({ name }) => name.includes('Test step'))?.sendText('\u0003', false);
    });
    assert.deepEqual(outcome, { kind: 'interrupted', signal: 'SIGINT' });
  });

  it('are interrupted when the command line is killed', async () => {
    assert.deepEqual(await runAnd((_execution, pid) => process.kill(pid, 'SIGKILL')), { kind: 'interrupted', signal: 'SIGKILL' });
  });

  it('are interrupted when the task is ended or its terminal is closed', async () => {
    const ended = await runAnd((execution) => {
      execution.terminate();
    });
    assert.equal(ended.kind, 'interrupted');
    const closed = await runAnd(() => {
      vscode.window.terminals.find(({ name }) => name.includes('Test step'))?.dispose();
    });
    assert.equal(closed.kind, 'interrupted');
  });

  it('run twice when asked twice, though they are equal, and each has an outcome of its own', async () => {
    const file = path.join(folder, 'lines');
    const once = node(`require("fs").appendFileSync(${JSON.stringify(file)}, "x")`);
    assert.deepEqual(await Promise.all([run([once]), run([once])]), [{ kind: 'ran' }, { kind: 'ran' }]);
    assert.equal(fs.readFileSync(file, 'utf8'), 'xx');
  });

  it('run in the open folder, or in the home folder when none is open', async () => {
    const stdoutFile = path.join(folder, 'cwd');
    assert.deepEqual(await run([node('process.stdout.write(process.cwd())', { stdoutFile })]), { kind: 'ran' });
    const expected = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();
    assert.equal(fs.readFileSync(stdoutFile, 'utf8'), fs.realpathSync(expected));
  });

  it('leave the keyboard where it is', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'x' });
    const editor = await vscode.window.showTextDocument(document);
    await run([node('')]);
    await vscode.commands.executeCommand('type', { text: 'y' });
    assert.equal(editor.document.getText(), 'yx');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('are given up, with a reason, when neither a start nor an end comes in time, and run nothing later', async () => {
    const file = path.join(folder, 'ran');
    const impatient: Clock = { ...systemClock, now: () => systemClock.now(), sleep: () => Promise.resolve() };
    const outcome = await run([node(`require("fs").writeFileSync(${JSON.stringify(file)}, "")`)], impatient);
    assert.deepEqual(outcome, { kind: 'notStarted', reason: 'noStartEvent', detail: '' });
    // One that is waited for comes after it in the same queue.
    assert.deepEqual(await run([node('')]), { kind: 'ran' });
    assert.equal(fs.existsSync(file), false);
  });
});
