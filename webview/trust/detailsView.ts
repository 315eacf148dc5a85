// One proxy in full: the sentence that explains it, its roots and its certificate, with what is worth copying.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { RootBadge, TrustRow } from '../../src/shared/trustRows.js';
import { classSentences } from './classMessages.js';
import { createData, createElement, setAttribute, setHidden } from './dom.js';
import { createChangeGate, createIconButton, keepFocus, nameButton } from './redraw.js';
import { createIcon } from './icons.js';
import { createChain, createNextSteps } from './explanationView.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { createRootBadge, shortFingerprint } from './rootBadges.js';
import { validityTooltip } from './tableRow.js';
import { trustClassOf } from '../../src/shared/trustClass.js';
import { expiryMessage, validityOf } from './validity.js';

/** `onClose` puts the keyboard back where it came from. */
export function createDetails(actions: PageActions, onClose: () => void): PagePart {
  const close = (): void => {
    actions.act({ type: 'closeDetails', payload: {} });
    onClose();
  };
  const heading = createElement('h2', { className: 'detailsTitle', attributes: { translate: 'no' } });
  const closeButton = createIconButton('close', close);
  const contents = createElement('div', { className: 'detailsContents' });
  const head = createElement('div', { className: 'detailsHead', children: [heading, closeButton] });
  const element = createElement('section', { className: 'details', children: [head, contents] });
  element.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  const isChanged = createChangeGate();
  return {
    element,
    draw: (frame) => {
      const { state, say } = frame;
      const row = state.detailsOpen && state.selected !== undefined ? state.rows.get(state.selected) : undefined;
      setHidden(element, row === undefined);
      if (row === undefined) return;
      const minute = Math.floor(state.now / 60_000);
      if (!isChanged(row, say, minute, state.explanation)) return;
      setAttribute(element, 'aria-label', say(message('trust.page.details')));
      nameButton(closeButton, say(message('trust.page.details.close')));
      heading.replaceChildren(createData(`${row.namespace}/`, 'dim'), row.pod);
      keepFocus(contents, () => {
        contents.replaceChildren(...createContents(row, frame, actions));
      });
    },
  };
}

function createContents(row: TrustRow, frame: PageFrame, actions: PageActions): readonly Node[] {
  const { say } = frame;
  const sentence = createElement('p', { className: 'sentence', text: say(classSentences[trustClassOf(row)]) });
  const why = row.why === undefined ? [] : [createElement('p', { className: 'why', children: [createIcon('warning'), createElement('span', { text: say(row.why) })] })];
  return [sentence, ...why, ...createNextSteps(row, frame, actions), ...createRoots(row, frame, actions), createFacts(row, frame, actions), ...createChain(row, frame, actions)];
}

function createRoots(row: TrustRow, { say }: PageFrame, actions: PageActions): readonly Node[] {
  if (row.state !== 'read' && row.roots.length === 0) return [];
  const roots = row.roots.map((root) => createElement('li', { children: [createRootLine(root, say, actions)] }));
  const list =
    roots.length > 0 ? createElement('ul', { className: 'rootList', children: roots }) : createElement('p', { className: 'dim', text: say(message('trust.page.row.noRoots')) });
  return [createElement('h3', { text: say(message('trust.page.details.trustedRoots')) }), list];
}

function createRootLine(root: RootBadge, say: PageFrame['say'], { send }: PageActions): HTMLElement {
  const copy = createIconButton('copy', () => {
    send('copy', { text: root.fingerprint });
  });
  nameButton(copy, say(message('trust.page.details.copyFingerprint', { root: root.detail })));
  const fingerprint = createData(shortFingerprint(root.fingerprint), 'mono dim');
  fingerprint.title = root.fingerprint;
  return createElement('div', {
    className: 'rootLine',
    children: [createRootBadge(root, say), createElement('span', { className: 'rootDetail', text: say(root.detail) }), fingerprint, copy],
  });
}

type Fact = readonly [name: Message, value: Node];

function createFacts(row: TrustRow, frame: PageFrame, actions: PageActions): HTMLElement {
  const list = createElement('dl', { className: 'facts' });
  const facts: readonly Fact[] = [...certificateFacts(row, frame, actions), ...placeFacts(row, frame)];
  for (const [name, value] of facts) {
    list.append(createElement('dt', { text: frame.say(name) }), createElement('dd', { children: [value] }));
  }
  return list;
}

function certificateFacts(row: TrustRow, frame: PageFrame, actions: PageActions): readonly Fact[] {
  const { say } = frame;
  const facts: Fact[] = [];
  if (row.state === 'read' || row.signedBy !== undefined) {
    const signer = row.signedBy === undefined ? createElement('span', { text: say(message('trust.page.row.unsigned')) }) : createRootLine(row.signedBy, say, actions);
    facts.push([message('trust.page.details.signedBy'), signer]);
  }
  const { spiffeId } = row;
  if (spiffeId !== undefined) {
    const copy = createIconButton('copy', () => {
      actions.send('copy', { text: spiffeId });
    });
    nameButton(copy, say(message('trust.page.details.copyIdentity')));
    facts.push([message('trust.page.details.identity'), createElement('div', { className: 'withCopy', children: [createData(spiffeId, 'mono wrap'), copy] })]);
  }
  const validity = createValidity(row, frame);
  if (validity !== undefined) facts.push([message('trust.page.details.validity'), validity]);
  return facts;
}

function createValidity(row: TrustRow, { state, say, showMoment }: PageFrame): Node | undefined {
  const words = expiryMessage(row, state.now);
  const validity = validityOf(row, state.now);
  if (words === undefined || validity === undefined || row.notAfter === undefined) return undefined;
  const until = showMoment(row.notAfter);
  const range =
    row.notBefore === undefined || validity !== 'valid'
      ? validityTooltip(validity, until)
      : message('trust.page.details.validityRange', { from: showMoment(row.notBefore), until });
  const said = createElement('span', { className: `validity-${validity}`, text: say(words) });
  const icon = validity === 'valid' ? [] : [createIcon(validity === 'soon' ? 'warning' : 'expired')];
  return createElement('div', { className: 'stacked', children: [createElement('span', { className: 'withIcon', children: [...icon, said] }), createElement('span', { className: 'dim', text: say(range) })] });
}

function placeFacts(row: TrustRow, { say }: PageFrame): readonly Fact[] {
  const revision =
    row.revision === undefined ? createElement('span', { className: 'dim', text: say(message('trust.page.details.noRevision')) }) : createData(row.revision, 'wrap');
  const facts: Fact[] = [[message('trust.page.details.revision'), revision], [message('trust.page.details.cluster'), createData(row.cluster, 'wrap')]];
  if (row.context !== row.cluster) facts.push([message('trust.page.details.context'), createData(row.context, 'wrap')]);
  return facts;
}
