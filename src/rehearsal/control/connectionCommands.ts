// Commands for what goes wrong between a client and the mesh: the API server, its watches, its tokens, Envoy's admin port.
import { ADMIN_TROUBLES, API_TROUBLES, WATCH_TROUBLES } from '../faults/fault.js';
import { alone, fault, move, POD_OPTIONS, POD_USAGE, REQUEST_OPTIONS, REQUEST_USAGE } from './commandEntry.js';
import type { CommandEntry } from './commandEntry.js';
import { CommandProblem } from './commandWords.js';
import type { CommandWords } from './commandWords.js';
import type { ControlAction } from './controlCommands.js';

export const CONNECTION_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'admin',
    usage: `${ADMIN_TROUBLES.join('|')} ${POD_USAGE}`,
    summary: "proxies' admin port hangs, refuses, answers no JSON, 50 MB, half an answer, or 503",
    options: POD_OPTIONS,
    read: (words) => fault({ kind: 'admin', trouble: words.choice(ADMIN_TROUBLES), pods: words.pods() }),
  },
  {
    name: 'forbid',
    usage: REQUEST_USAGE,
    summary: 'RBAC refuses requests; -n "*" stands for requests over all namespaces as well',
    options: REQUEST_OPTIONS,
    read: (words: CommandWords): ControlAction => {
      words.noOperands();
      return fault({ kind: 'forbid', requests: words.requests() });
    },
  },
  {
    name: 'api',
    usage: `${API_TROUBLES.join('|')} ${REQUEST_USAGE} [--code N] [--seconds N] [--times N]`,
    summary: 'the API server throttles (429), fails (500), is slow, breaks answers off, resets connections, or hangs',
    options: [...REQUEST_OPTIONS, 'code', 'seconds', 'times'],
    read: (words: CommandWords): ControlAction => {
      const times = words.number('times', 1);
      const code = words.number('code', 400) ?? 500;
      if (code > 599) throw new CommandProblem('--code takes an HTTP status from 400 to 599');
      const common = { trouble: words.choice(API_TROUBLES), requests: words.requests(), code };
      return fault({ kind: 'api', ...common, seconds: words.duration('seconds') ?? 5, ...(times === undefined ? {} : { times }) });
    },
  },
  {
    name: 'watch',
    usage: `${WATCH_TROUBLES.join('|')} [--resource RESOURCE] [-n NS] [--once]`,
    summary: 'watches break, fall silent, or end with an ERROR event of 410 or 500; --once: only those open now',
    options: ['resource', 'namespace', 'once'],
    read: (words: CommandWords): ControlAction => {
      const value = { trouble: words.choice(WATCH_TROUBLES), requests: { ...words.requests(), verb: 'watch' } };
      return words.flag('once') ? move({ kind: 'disturbWatches', ...value }) : fault({ kind: 'watch', ...value });
    },
  },
  {
    name: 'expire-token',
    usage: '',
    summary: 'the token of the kubeconfig is no longer taken (401)',
    options: [],
    read: alone(fault({ kind: 'tokenExpired' })),
  },
  {
    name: 'renew-token',
    usage: '',
    summary: 'the kubeconfig is written with a new token',
    options: [],
    read: alone({ kind: 'end', faults: 'tokenExpired' }),
  },
  {
    name: 'down',
    usage: '',
    summary: 'the API server closes its port',
    options: [],
    read: alone(fault({ kind: 'down' })),
  },
  {
    name: 'up',
    usage: '',
    summary: 'the API server listens again',
    options: [],
    read: alone({ kind: 'end', faults: 'down' }),
  },
];
