// The words of `mesh-ca rehearsal`: what they mean, and how each mistake is told.
import assert from 'node:assert/strict';
import { controlHelp, parseCommand, parseWords, splitWords } from '../../../../src/rehearsal/control/controlArguments.js';
import { COMMANDS } from '../../../../src/rehearsal/control/commandTable.js';
import type { ControlCommand } from '../../../../src/rehearsal/control/controlCommands.js';

function parsed(line: string): ControlCommand {
  return parseCommand(parseWords(splitWords(line)));
}

function action(line: string): unknown {
  return parsed(line).action;
}

function problem(line: string): string {
  try {
    return `understood: ${JSON.stringify(parsed(line))}`;
  } catch (error) {
    return error instanceof Error && error.name === 'CommandProblem' ? error.message : `a bug: ${String(error)}`;
  }
}

describe('the words of a control command', () => {
  it('name pods as kubectl does', () => {
    assert.deepEqual(action('crash -n foo -l "app in (a, b)" --once'), {
      kind: 'move',
      move: { kind: 'crashOnce', pods: { namespace: 'foo', selector: 'app in (a, b)' } },
    });
    assert.deepEqual(action('renew'), { kind: 'move', move: { kind: 'renew', pods: {} } });
  });

  it('tell faults that last from moves that happen once', () => {
    assert.deepEqual(action('crash --pod=x --container sidecar'), { kind: 'fault', fault: { kind: 'crash', pods: { pod: 'x' }, container: 'sidecar' } });
    const watch = { trouble: 'expire', requests: { resource: 'pods', verb: 'watch' } };
    assert.deepEqual(action('watch expire --resource pods'), { kind: 'fault', fault: { kind: 'watch', ...watch } });
    assert.deepEqual(action('watch expire --resource pods --once'), { kind: 'move', move: { kind: 'disturbWatches', ...watch } });
    assert.deepEqual(action('start-pod job -n foo --every 1m30s'), { kind: 'fault', fault: { kind: 'cron', namespace: 'foo', name: 'job', seconds: 90 } });
  });

  it('carry numbers, times and labels', () => {
    assert.deepEqual(action('api fail --verb list --resource deployments.apps --code 503 --times 2'), {
      kind: 'fault',
      fault: { kind: 'api', trouble: 'fail', requests: { verb: 'list', resource: 'deployments.apps' }, code: 503, seconds: 5, times: 2 },
    });
    assert.deepEqual(action('gitops -n foo istio-injection=enabled istio.io/rev- --after 2s'), {
      kind: 'fault',
      fault: { kind: 'gitops', namespace: 'foo', seconds: 2, labels: { 'istio-injection': 'enabled', 'istio.io/rev': null } },
    });
    assert.deepEqual(action('advance 12h'), { kind: 'advance', seconds: 43_200 });
    assert.deepEqual(action('clear 3 4'), { kind: 'clear', ids: [3, 4] });
  });

  it('may say which cluster', () => {
    assert.equal(parsed('down --context east').context, 'east');
    assert.equal(parsed('down').context, undefined);
  });

  it('are refused in a sentence that says what would be right', () => {
    assert.match(problem('burn'), /there is no command "burn"; --help/u);
    assert.match(problem(''), /say what shall happen/u);
    assert.match(problem('delete-pods'), /say which pods/u);
    assert.match(problem('delete-pods foo'), /does not take "foo"/u);
    assert.match(problem('down --verb get'), /down does not take --verb/u);
    assert.match(problem('api'), /takes one of throttle, fail, slow/u);
    assert.match(problem('api slowly'), /not "slowly"/u);
    assert.match(problem('api fail --code 200'), /--code takes a number from 400/u);
    assert.match(problem('api slow --seconds soon'), /--seconds takes a time such as/u);
    assert.match(problem('scale httpbin -n foo --replicas 2'), /deployment\/httpbin/u);
    assert.match(problem('scale deployment/httpbin -n foo'), /needs --replicas/u);
    assert.match(problem('scale deployment/httpbin --replicas 2'), /needs --namespace/u);
    assert.match(problem('crash -n'), /--namespace needs a value/u);
    assert.match(problem('crash -n a -n b'), /--namespace is there twice/u);
    assert.match(problem('crash -l "a b"'), /--selector takes labels/u);
    assert.match(problem('gitops -n foo =x'), /"=x" is no label/u);
    assert.match(problem('speed fast'), /number above zero/u);
    assert.match(problem('advance 31d'), /at most 30d/u);
    assert.match(problem('advance 1h --context east'), /advance concerns all clusters/u);
    assert.match(problem('clear one'), /the numbers that list shows/u);
  });

  it('are all explained by the help', () => {
    const help = controlHelp();
    for (const { name, summary } of COMMANDS) assert.ok(help.includes(`  ${name}`) && help.includes(summary), name);
  });
});
