// The rehearsal's command line: what it takes and how it refuses.
import assert from 'node:assert/strict';
import { parseRehearsalArguments } from '../../../src/rehearsal/rehearsalArguments.js';
import type { RehearsalArguments } from '../../../src/rehearsal/rehearsalArguments.js';
import { exportLine } from '../../../src/rehearsal/terminalEnvironment.js';

function accepted(...args: string[]): RehearsalArguments {
  const parsed = parseRehearsalArguments(args);
  assert.ok('arguments' in parsed, JSON.stringify(parsed));
  return parsed.arguments;
}

function problem(...args: string[]): string {
  const parsed = parseRehearsalArguments(args);
  assert.ok('problem' in parsed, JSON.stringify(parsed));
  return parsed.problem;
}

describe('the arguments of a rehearsal', () => {
  it('may all be left out', () => {
    const { scene, listen, kubeconfigPath, withRevisions, speed } = accepted();
    assert.deepEqual([scene.name, listen, kubeconfigPath, withRevisions, speed], ['istio-default', { host: '127.0.0.1', port: 0 }, undefined, [], 1]);
  });

  it('choose scene, address, file, revisions and speed', () => {
    const chosen = accepted('--scene', 'asm-citadel', '--listen', '127.0.0.1:7000', '--kubeconfig', '/k', '--with-revision', 'a', '--with-revision', 'b', '--speed', '2.5');
    assert.equal(chosen.scene.name, 'asm-citadel');
    assert.deepEqual([chosen.listen.port, chosen.kubeconfigPath, chosen.withRevisions, chosen.speed], [7000, '/k', ['a', 'b'], 2.5]);
    assert.equal(accepted('--listen', '[::1]:0').listen.host, '::1');
  });

  it('are refused with what is wrong', () => {
    assert.match(problem('--scene', 'moon'), /no scene "moon"; there are istio-default and asm-citadel/u);
    assert.match(problem('--listen', '0.0.0.0:0'), /this machine only/u);
    assert.match(problem('--listen', '7000'), /HOST:PORT/u);
    assert.match(problem('--listen', '127.0.0.1:70000'), /HOST:PORT/u);
    assert.match(problem('--speed', '0'), /above zero/u);
    assert.match(problem('--nonsense'), /--nonsense/u);
  });

  it('take faults in the words of the control command', () => {
    const { commands } = accepted('--fault', 'admin hang -n foo', '--fault', 'crash -l "app in (a, b)"');
    assert.deepEqual(commands, [
      { action: { kind: 'fault', fault: { kind: 'admin', trouble: 'hang', pods: { namespace: 'foo' } } } },
      { action: { kind: 'fault', fault: { kind: 'crash', pods: { selector: 'app in (a, b)' } } } },
    ]);
    assert.match(problem('--fault', 'burn'), /^--fault: there is no command "burn"/u);
  });

  it('take revision names that make a Service name, and none twice', () => {
    assert.match(problem('--with-revision', '1-asm'), /begin with a letter/u);
    assert.match(problem('--with-revision', 'Asm'), /lower-case/u);
    assert.match(problem('--with-revision', 'asm-'), /not end with a dash/u);
    assert.match(problem('--with-revision', 'a'.repeat(57)), /longer than 56/u);
    assert.equal(accepted('--with-revision', 'a'.repeat(56)).withRevisions.length, 1);
    assert.match(problem('--with-revision', 'asm', '--with-revision', 'asm'), /there already/u);
    assert.match(problem('--scene', 'asm-citadel', '--with-revision', 'asm-1162-2'), /there already/u);
  });
});

describe('an export line', () => {
  it('is one word to a shell, whatever is in it', () => {
    assert.equal(exportLine('PATH', `/it's/$HOME`), `export PATH='/it'\\''s/$HOME'`);
  });
});
