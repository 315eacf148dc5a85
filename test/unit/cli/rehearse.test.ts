// Running the rehearsal's program in place of one's own.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runRehearsal } from '../../../src/cli/rehearse.js';

describe('mesh-ca rehearse', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-rehearse-'));

  function script(text: string): string {
    const file = path.join(folder, 'rehearsal.js');
    writeFileSync(file, text);
    return file;
  }

  function refuse(reason: string): void {
    assert.fail(reason);
  }

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("hands on its arguments and ends with the program's exit code", async () => {
    const file = script(`process.exit(process.argv.slice(2).join(' ') === '--scene asm-citadel' ? 5 : 1)`);
    assert.equal(await runRehearsal(file, ['--scene', 'asm-citadel'], refuse), 5);
  });

  it('forwards what would end it, and listens no longer afterwards', async () => {
    const signals = new EventEmitter();
    const ended = runRehearsal(script('setInterval(() => undefined, 1000)'), [], refuse, signals);
    signals.emit('SIGTERM', 'SIGTERM');
    assert.equal(await ended, 128 + 15);
    assert.equal(signals.listenerCount('SIGTERM'), 0);
  });
});
