// Why a proxy keeps a gate shut, what to do about it, and the chain that it presents.
import { message } from '../../src/shared/text/message.js';
import type { TrustRow } from '../../src/shared/trustRows.js';
import type { GatePhase, ProxyExplanation } from '../../src/shared/trustViews.js';
import { actionNames } from './actionNames.js';
import { createData, createElement } from './dom.js';
import type { PageActions, PageFrame } from './pageFrame.js';
import { createIconButton, createTextButton, nameButton } from './redraw.js';
import { shortFingerprint } from './rootBadges.js';

/** A sentence for each gate that it keeps shut, with each next step once. */
export function createNextSteps(row: TrustRow, { state, say }: PageFrame, { send }: PageActions): readonly Node[] {
  const { obstacles, workload } = explanationOf(row, state.explanation);
  if (obstacles.length === 0) return [];
  const sentences = obstacles.map(({ phase, reason }) => createElement('li', { text: say(sentence(phase, reason)) }));
  const actions = [...new Set(obstacles.map(({ action }) => action))].filter((action) => action !== undefined);
  const buttons = state.saved !== undefined ? [] : actions.map((action) =>
    createTextButton('actionButton', say(actionNames[action]), () => {
      send('resolve', { action, clusterKey: row.clusterKey, namespace: row.namespace, workload });
    }),
  );
  const list = createElement('ul', { className: 'obstacleSentences', children: sentences });
  return [createElement('div', { className: 'nextStep', children: [list, ...(buttons.length > 0 ? [createElement('div', { className: 'buttons', children: buttons })] : [])] })];
}

function sentence(phase: GatePhase, reason: ProxyExplanation['obstacles'][number]['reason']): ReturnType<typeof message> {
  return phase === 'trust' ? message('panel.explain.trust', { reason }) : message('panel.explain.signing', { reason });
}

/** Leaf first. */
export function createChain(row: TrustRow, { state, say }: PageFrame, { send }: PageActions): readonly Node[] {
  const { chain } = explanationOf(row, state.explanation);
  if (chain.length === 0) return [];
  const links = chain.map(({ fingerprint, subject }) => {
    // Istio's leaves have no subject: who they are stands in the SPIFFE identity.
    const name = subject === '' ? createElement('span', { text: say(message('panel.explain.leaf')) }) : createData(subject, 'wrap');
    const short = createData(shortFingerprint(fingerprint), 'mono dim');
    short.title = fingerprint;
    const copy = createIconButton('copy', () => {
      send('copy', { text: fingerprint });
    });
    nameButton(copy, say(message('panel.certificates.copy', { name: subject === '' ? message('panel.explain.leaf') : subject })));
    return createElement('li', { className: 'chainLink', children: [createElement('div', { className: 'stacked', children: [name, short] }), copy] });
  });
  return [createElement('h3', { text: say(message('panel.explain.chain')) }), createElement('ol', { className: 'chain', children: links })];
}

type Explained = Pick<ProxyExplanation, 'obstacles' | 'chain' | 'workload'>;

const nothing: Explained = { obstacles: [], chain: [], workload: undefined };

/** The answer may still be that of the proxy before. */
function explanationOf(row: TrustRow, explanation: ProxyExplanation | undefined): Explained {
  return explanation?.id === row.id ? explanation : nothing;
}
