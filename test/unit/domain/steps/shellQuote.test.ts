// What is shown of a command line must mean, in the reader's shell, exactly what would run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import type { CommandSpec } from '../../../../src/domain/steps/commandSpec.js';
import { canBePasted, isPasteable, joinLines, quoteWord, redactSecrets, renderCommand, shellOf, withVisibleControls } from '../../../../src/domain/steps/shellQuote.js';

/** What a program gets of these words when sh reads them. */
function throughSh(words: readonly string[]): string[] {
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map((word) => quoteWord(word, 'posix')).join(' ')}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

describe('quoting for a posix shell', () => {
  it('leaves the words of everyday command lines as they are', () => {
    for (const word of ['rollout', '-n', '--timeout=10m', 'istio.io/rev=asm-1232-2', 'istio-injection-', '/home/me/.kube/config']) {
      assert.equal(quoteWord(word, 'posix'), word);
    }
  });

  it('hands every word to the program as it is, tried with a real sh', () => {
    const words = ['', ' ', "it's", '"', '$HOME', '`id`', '$(id)', '~', '*', '!x', '#', 'a\\b', '{"a":"b"}', '-', ';', '&', 'ü\u3042', 'a\nb'];
    assert.deepEqual(throughSh(words), words);
    fc.assert(
      fc.property(fc.array(fc.string().filter((word) => !word.includes('\0')), { minLength: 1, maxLength: 20 }), (random) => {
        assert.deepEqual(throughSh(random), random);
      }),
      { numRuns: 40 },
    );
  });

  it('does not make an assignment of an executable with an equals sign', () => {
    assert.equal(renderCommand({ argv: ['/opt/a=b', 'x'] }, 'posix'), "'/opt/a=b' x");
  });

  it('shows environment, folder and redirection', () => {
    const spec: CommandSpec = { argv: ['kubectl', 'get'], env: { KUBECONFIG: '/a b' }, cwd: '/c d', stdoutFile: '/e f' };
    assert.equal(renderCommand(spec, 'posix'), "cd '/c d' && KUBECONFIG='/a b' kubectl get > '/e f'");
  });
});

describe('quoting for the shells of Windows', () => {
  it('doubles single quotes in PowerShell and calls a quoted executable', () => {
    assert.equal(quoteWord("it's {}", 'powershell'), "'it''s {}'");
    assert.equal(renderCommand({ argv: ['C:\\Program Files\\kubectl.exe', '-n', 'foo'] }, 'powershell'), "& 'C:\\Program Files\\kubectl.exe' -n foo");
  });

  it('joins for PowerShell without the `&&` that old ones lack', () => {
    assert.equal(joinLines(['a', 'b', 'c'], 'powershell'), 'a; if ($?) { b; if ($?) { c } }');
    assert.equal(joinLines(['a', 'b'], 'posix'), 'a && b');
  });

  it('uses double quotes in cmd, and carets where those do not help', () => {
    assert.equal(quoteWord('a b', 'cmd'), '"a b"');
    assert.equal(quoteWord('C:\\a b\\', 'cmd'), '"C:\\a b\\\\"');
    assert.equal(quoteWord('{"a":"%b%"}', 'cmd'), '^"{\\^"a\\^":\\^"^%b^%\\^"}^"');
  });

  it('knows shells by their path', () => {
    assert.deepEqual(['/bin/zsh', 'C:\\Windows\\System32\\cmd.exe', '/usr/bin/pwsh', 'powershell.exe'].map(shellOf), ['posix', 'cmd', 'powershell', 'powershell']);
  });
});

describe('showing command lines', () => {
  it('makes control characters visible and calls them not pasteable', () => {
    assert.equal(withVisibleControls('a\u001b[31m\r\n\u009b'), 'a␛[31m␍␊␡');
    assert.equal(isPasteable('kubectl get'), true);
    assert.equal(isPasteable('kubectl\nget'), false);
  });

  it('hides tokens, passwords and user names in addresses from logs', () => {
    const spec: CommandSpec = { argv: ['x', '--token', 'abc', '--password=p', 'https://u:p@h/', '--ca_key', 'k.pem'], env: { API_TOKEN: 't', A: 'b' } };
    assert.deepEqual(redactSecrets(spec), {
      argv: ['x', '--token', '•••', '--password=•••', 'https://•••@h/', '--ca_key', 'k.pem'],
      env: { API_TOKEN: '•••', A: 'b' },
    });
  });
});

describe('what is fed to a command line', () => {
  const apply = { argv: ['kubectl', 'apply', '-f', '-'], stdin: `{"name":"it's"}` } as const;

  it('is piped in on one line where the shell can say that', () => {
    assert.equal(renderCommand(apply, 'posix'), `printf %s '{"name":"it'\\''s"}' | kubectl apply -f -`);
    assert.equal(renderCommand(apply, 'powershell'), `'{"name":"it''s"}' | kubectl apply -f '-'`);
    assert.ok(canBePasted(apply, 'posix'));
  });

  it('cannot be pasted where it cannot', () => {
    assert.ok(!canBePasted(apply, 'cmd'));
    assert.ok(canBePasted({ argv: ['kubectl', 'get', 'ns'] }, 'cmd'));
  });
});
