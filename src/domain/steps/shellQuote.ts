// Renders command lines for people: to read, and to paste into a shell of theirs. What runs is the argv, never this text.
import { assertNever } from '../../shared/assertNever.js';
import type { CommandSpec } from './commandSpec.js';

export type Shell = 'posix' | 'powershell' | 'cmd';

/** What a secret is replaced by. */
const REDACTED = '•••';
const SECRET_FLAG = /^--(?:token|password|client-key-data|access-token)(?:=|$)/;
const SECRET_VARIABLE = /TOKEN|PASSWORD|SECRET/i;

/** Which rules of quoting a shell follows, from its path as the editor or the environment names it. */
export function shellOf(path: string): Shell {
  const name = path.split(/[\\/]/).at(-1)?.toLowerCase() ?? '';
  if (/^(?:pwsh|powershell)/.test(name)) return 'powershell';
  return /^cmd(?:\.exe)?$/.test(name) ? 'cmd' : 'posix';
}

/** One word so that the shell hands exactly this text to the program. */
export function quoteWord(word: string, shell: Shell): string {
  switch (shell) {
    case 'posix':
      return /^[\w@%+:,./][\w@%+=:,./-]*$|^-[\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
    case 'powershell':
      // Rules of PowerShell 7.3 and later; before that, embedded double quotes are lost on the way to a program.
      return /^(?:--)?[\w./\\:][\w./\\:+=-]*$/.test(word) || /^-[A-Za-z]$/.test(word) ? word : `'${word.replaceAll("'", "''")}'`;
    case 'cmd':
      return quoteForCmd(word);
    default:
      return assertNever(shell);
  }
}

function quoteForCmd(word: string): string {
  if (/^[\w./\\:@+=,-]+$/.test(word)) return word;
  if (!/["%!]/.test(word)) return `"${word.replace(/(\\+)$/, '$1$1')}"`;
  const quoted = `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;
  return quoted.replace(/[()%!^"<>&|]/g, '^$&');
}

/** The command line as this shell takes it, on one line. */
export function renderCommand(spec: CommandSpec, shell: Shell): string {
  const [executable, ...words] = spec.argv;
  const line = [quoteExecutable(executable, shell), ...words.map((word) => quoteWord(word, shell))].join(' ');
  const redirected = spec.stdoutFile === undefined ? line : `${line} > ${quoteWord(spec.stdoutFile, shell)}`;
  const withEnvironment = `${renderInput(spec.stdin, shell)}${renderEnvironment(spec.env ?? {}, shell)}${redirected}`;
  return spec.cwd === undefined ? withEnvironment : joinLines([`cd ${quoteWord(spec.cwd, shell)}`, withEnvironment], shell);
}

function quoteExecutable(executable: string, shell: Shell): string {
  const quoted = quoteWord(executable, shell);
  if (shell === 'powershell') return quoted.startsWith("'") ? `& ${quoted}` : quoted;
  // A first word with `=` would be an assignment.
  return shell === 'posix' && quoted === executable && executable.includes('=') ? `'${executable}'` : quoted;
}

/** What is fed to the standard input, piped in. cmd has no way to say that on one line: see `canBePasted`. */
function renderInput(stdin: string | undefined, shell: Shell): string {
  if (stdin === undefined || shell === 'cmd') return '';
  return shell === 'posix' ? `printf %s ${quoteWord(stdin, shell)} | ` : `'${stdin.replaceAll("'", "''")}' | `;
}

/** Whether the rendered line is all there is to the command line in this shell. */
export function canBePasted({ stdin }: CommandSpec, shell: Shell): boolean {
  return stdin === undefined || shell !== 'cmd';
}

function renderEnvironment(env: Readonly<Record<string, string>>, shell: Shell): string {
  return Object.entries(env)
    .map(([name, value]) => {
      switch (shell) {
        case 'posix':
          return `${name}=${quoteWord(value, shell)} `;
        case 'powershell':
          return `$env:${name} = '${value.replaceAll("'", "''")}'; `;
        case 'cmd':
          return `set "${name}=${value}" && `;
        default:
          return assertNever(shell);
      }
    })
    .join('');
}

/** Several command lines as one that stops at the first failure, as the step runner does. */
export function joinLines(lines: readonly string[], shell: Shell): string {
  if (shell !== 'powershell') return lines.join(' && ');
  // `&&` came with PowerShell 7; this form is understood by all.
  const [first = '', ...rest] = lines;
  return rest.length === 0 ? first : `${first}; if ($?) { ${joinLines(rest, shell)} }`;
}

/** Control characters made visible, so that a name from a cluster cannot steer a terminal. */
export function withVisibleControls(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f || (code >= 0x80 && code < 0xa0) ? '\u2421' : character;
  }).join('');
}

/** Whether the text may be put into a terminal's input: one line, nothing that acts by itself. */
export function isPasteable(text: string): boolean {
  return text === withVisibleControls(text);
}

/** The same command line without its secrets, for logs. */
export function redactSecrets(spec: CommandSpec): CommandSpec {
  const [executable, ...words] = spec.argv;
  const redacted = words.map((word, index) => {
    if (SECRET_FLAG.test(words[index - 1] ?? '') && words[index - 1]?.includes('=') === false) return REDACTED;
    const flag = SECRET_FLAG.exec(word)?.[0];
    return flag?.endsWith('=') === true ? `${flag}${REDACTED}` : word.replace(/(:\/\/)[^/@\s]+@/, `$1${REDACTED}@`);
  });
  const env = Object.entries(spec.env ?? {}).map(([name, value]) => [name, SECRET_VARIABLE.test(name) ? REDACTED : value] as const);
  return { ...spec, argv: [executable, ...redacted], ...(spec.env !== undefined && { env: Object.fromEntries(env) }) };
}
