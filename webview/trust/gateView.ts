// One gate of the migration: whether it is open, and the groups of proxies that keep it shut, each with its reason and its action.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { GatePhase, GateStanding, GateView, ObstacleGroup } from '../../src/shared/trustViews.js';
import { actionNames } from './actionNames.js';
import { createData, createElement } from './dom.js';
import type { IconName } from './icons.js';
import { createIcon } from './icons.js';
import type { PageActions, PageFrame } from './pageFrame.js';
import { createTextButton } from './redraw.js';

const gateNames: Readonly<Record<GatePhase, readonly [name: Message, rule: Message]>> = {
  trust: [message('panel.gate.trust'), message('panel.gate.trust.rule')],
  signing: [message('panel.gate.signing'), message('panel.gate.signing.rule')],
};

const statusIcons: Readonly<Record<GateStanding, IconName>> = { open: 'check', passed: 'check', shut: 'lock', unknown: 'unknown' };

/** Names that are written out of a group's workloads. */
const namedWorkloads = 4;

export function createGate(gate: GateView, frame: PageFrame, actions: PageActions): HTMLElement {
  const { say } = frame;
  const [name, rule] = gateNames[gate.phase];
  const heading = createElement('h2', { text: say(name) });
  const badge = createElement('span', { className: `gateStatus ${gate.standing}`, children: [createIcon(statusIcons[gate.standing]), createElement('span', { text: say(statusOf(gate)) })] });
  const head = createElement('div', { className: 'gateHead', children: [heading, badge] });
  const notes = gate.notes.map((note) => createElement('p', { text: say(note) }));
  const lines = gate.obstacles.map((obstacle) => createObstacle(obstacle, gate.phase, frame, actions));
  const list = lines.length === 0 ? [] : [createElement('ul', { className: 'obstacles', children: lines })];
  const more = gate.more === 0 ? [] : [createElement('p', { className: 'dim', text: say(message('panel.gate.more', { count: gate.more })) })];
  return createElement('section', {
    className: 'gate',
    attributes: { 'aria-label': say(name) },
    children: [head, createElement('p', { className: 'dim', text: say(rule) }), ...notes, ...list, ...more],
  });
}

function statusOf({ standing, ready, total }: GateView): Message {
  if (standing !== 'shut') return message(`panel.gate.${standing}`);
  return ready < total ? message('panel.gate.shut', { count: total - ready }) : message('panel.gate.shutBefore');
}

function createObstacle(group: ObstacleGroup, phase: GatePhase, frame: PageFrame, { send, act }: PageActions): HTMLElement {
  const { say, state } = frame;
  const { namespace, cluster, clusterKey, action } = group;
  const place = message('panel.obstacle.place', { namespace, cluster });
  const names = group.workloads.slice(0, namedWorkloads).join(', ');
  const more = group.workloads.length - namedWorkloads;
  const title = createElement('div', { className: 'obstacleTitle', children: [createData(namespace, 'obstacleName'), createData(cluster, 'dim'), createElement('span', { className: 'podCount', text: say(message('panel.obstacle.pods', { count: group.pods })) })] });
  const workloads =
    more > 0 ? createElement('div', { className: 'dim wrap', text: say(message('panel.obstacle.workloads', { names, more })) }) : createElement('div', { children: [createData(names, 'dim wrap')] });
  const reason = createElement('div', { className: 'obstacleReason', text: say(group.reason) });
  const show = createTextButton(
    'link',
    say(message('panel.obstacle.show')),
    () => {
      act({ type: 'showPods', payload: { filter: { cluster: clusterKey, namespace, ...(phase === 'trust' ? { gate: 'trust' } : { gate: 'signing' }) } } });
    },
    say(message('panel.obstacle.showOf', { place })),
  );
  const buttons = action === undefined || state.saved !== undefined ? [] : [
    createTextButton(
      'actionButton',
      say(actionNames[action]),
      () => {
        send('resolve', { action, clusterKey, namespace, workload: group.workloads.length === 1 ? group.workloads[0] : undefined });
      },
      say(message('panel.action.of', { action: actionNames[action], place })),
    ),
  ];
  return createElement('li', {
    className: 'obstacle',
    children: [createElement('div', { className: 'obstacleText', children: [title, reason, workloads] }), createElement('div', { className: 'buttons', children: [show, ...buttons] })],
  });
}
