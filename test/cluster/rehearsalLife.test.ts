// The rehearsal as a process: it does not outlive the program that started it, and leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { REPOSITORY } from '../support/repository.js';

describe('the process of a rehearsal', function () {
  this.timeout(60_000);

  it('ends by itself, with its files, when the input that its starter holds is closed', async () => {
    const script = path.join(REPOSITORY, 'dist', 'rehearsal.js');
    const child = spawn(process.execPath, [script, '--until-input-ends'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let kubeconfig = '';
    for await (const line of createInterface({ input: child.stdout })) {
      kubeconfig ||= /^export KUBECONFIG='(.*)'$/.exec(line)?.[1] ?? '';
      if (line === 'ready') break;
    }
    assert.ok(existsSync(kubeconfig));
    const exited = once(child, 'exit');
    child.stdin.end();
    assert.deepEqual(await exited, [0, null]);
    assert.ok(!existsSync(kubeconfig));
  });
});
