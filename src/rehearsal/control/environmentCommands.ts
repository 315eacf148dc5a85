// Commands for what a mesh does by itself: pods come and go, certificates are renewed or not, pushes are late, labels go back.
import { anyPods, chosenPods, fault, move, plainLabels, POD_OPTIONS, POD_USAGE, wantedLabels } from './commandEntry.js';
import type { CommandEntry } from './commandEntry.js';
import { CommandProblem, parseDuration } from './commandWords.js';
import type { CommandWords } from './commandWords.js';
import type { ControlAction } from './controlCommands.js';

function containerOf(words: CommandWords): { readonly container?: string } {
  const container = words.text('container');
  return container === undefined ? {} : { container };
}

function readScale(words: CommandWords): ControlAction {
  const [workload = '', name = ''] = words.operand('workload such as deployment/httpbin').split('/');
  if (name === '') throw new CommandProblem('scale takes a workload such as deployment/httpbin');
  const replicas = words.number('replicas', 0);
  if (replicas === undefined) throw new CommandProblem('scale needs --replicas');
  return move({ kind: 'scale', workload, name, namespace: words.required('namespace'), replicas });
}

function readStartPod(words: CommandWords): ControlAction {
  const [namespace, name] = [words.required('namespace'), words.operand('name')];
  const seconds = words.duration('every');
  if (seconds === undefined) return move({ kind: 'startPod', namespace, name, labels: plainLabels(words.text('labels')) });
  if (seconds < 1) throw new CommandProblem('--every takes a second at least');
  return fault({ kind: 'cron', namespace, name, seconds });
}

export const ENVIRONMENT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'crash',
    usage: `${POD_USAGE} [--container NAME] [--once]`,
    summary: 'containers exit and are restarted, over and over until cleared (CrashLoopBackOff)',
    options: [...POD_OPTIONS, 'container', 'once'],
    read: (words: CommandWords): ControlAction => {
      const value = { pods: chosenPods(words), ...containerOf(words) };
      return words.flag('once') ? move({ kind: 'crashOnce', ...value }) : fault({ kind: 'crash', ...value });
    },
  },
  {
    name: 'delete-pods',
    usage: POD_USAGE,
    summary: 'pods are evicted, and made anew by whatever controls them',
    options: POD_OPTIONS,
    read: (words) => move({ kind: 'deletePods', pods: chosenPods(words) }),
  },
  {
    name: 'drain',
    usage: 'NODE',
    summary: 'a node is cordoned and emptied (kubectl uncordon opens it again)',
    options: [],
    read: (words) => move({ kind: 'drain', node: words.operand('node') }),
  },
  {
    name: 'scale',
    usage: 'KIND/NAME -n NS --replicas N',
    summary: 'an autoscaler changes the number of replicas',
    options: ['namespace', 'replicas'],
    read: readScale,
  },
  {
    name: 'start-pod',
    usage: 'NAME -n NS [--labels a=b,…] [--every TIME]',
    summary: 'a pod starts that nobody asked for, as a CronJob makes it; --every: again and again until cleared',
    options: ['namespace', 'labels', 'every'],
    read: readStartPod,
  },
  {
    name: 'renew',
    usage: POD_USAGE,
    summary: 'proxies get new certificates now, from the CA as it is now',
    options: POD_OPTIONS,
    read: (words) => move({ kind: 'renew', pods: anyPods(words) }),
  },
  {
    name: 'ca-outage',
    usage: POD_USAGE,
    summary: 'nobody answers certificate requests: nothing is renewed, new proxies never get ready',
    options: POD_OPTIONS,
    read: (words) => fault({ kind: 'caOutage', pods: anyPods(words) }),
  },
  {
    name: 'certificate-lifetime',
    usage: 'TIME',
    summary: 'the CAs give out certificates that last only TIME, so that renewals can be watched; all are renewed at once',
    options: [],
    read: (words: CommandWords): ControlAction => {
      const text = words.operand('time such as 10m');
      const seconds = parseDuration(text);
      if (seconds === undefined || seconds < 10) throw new CommandProblem(`certificate-lifetime takes a time from 10s on, not "${text}"`);
      return fault({ kind: 'shortCertificates', seconds });
    },
  },
  {
    name: 'restart-istiod',
    usage: 'REVISION',
    summary: "the revision's istiods restart and load their CA anew",
    options: [],
    read: (words) => move({ kind: 'restartIstiod', revision: words.operand('revision') }),
  },
  {
    name: 'delay-push',
    usage: `${POD_USAGE} --by TIME`,
    summary: 'new configuration and anchors reach proxies late',
    options: [...POD_OPTIONS, 'by'],
    read: (words: CommandWords): ControlAction => {
      words.required('by');
      return fault({ kind: 'push', pods: anyPods(words), seconds: words.duration('by') ?? 0 });
    },
  },
  {
    name: 'lose-push',
    usage: POD_USAGE,
    summary: 'new configuration and anchors do not reach proxies until cleared',
    options: POD_OPTIONS,
    read: (words) => fault({ kind: 'push', pods: anyPods(words) }),
  },
  {
    name: 'gitops',
    usage: '-n NS [LABEL=VALUE | LABEL-]… [--after TIME]',
    summary: 'GitOps puts the labels of a namespace back when they change; without labels: back to what they are now',
    options: ['namespace', 'after'],
    read: (words: CommandWords): ControlAction => {
      const labels = words.operands.length === 0 ? {} : { labels: wantedLabels(words.operands) };
      return fault({ kind: 'gitops', namespace: words.required('namespace'), seconds: words.duration('after') ?? 5, ...labels });
    },
  },
];
