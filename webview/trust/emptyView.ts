// What stands in the table's place when there is no row: why, and what to do about it.
import { assertNever } from '../../src/shared/assertNever.js';
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import { createElement, setHidden, setText } from './dom.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import type { EmptyState } from './pageStatus.js';
import { emptyStateOf, scopeMessage } from './pageStatus.js';
import { createButton } from './toolkit.js';

interface EmptyWords {
  readonly title: Message;
  readonly why: Message | undefined;
  readonly action: { readonly label: Message; readonly run: (actions: PageActions) => void } | undefined;
}

export function createEmptyView(actions: PageActions): PagePart {
  const title = createElement('h2');
  const why = createElement('p');
  let run: ((actions: PageActions) => void) | undefined;
  const button = createButton('primary', () => {
    run?.(actions);
  });
  const element = createElement('div', { className: 'empty', children: [title, why, button.element] });
  return {
    element,
    draw: (frame) => {
      const empty = emptyStateOf(frame.state, frame.rows.shown.length);
      setHidden(element, empty === undefined);
      if (empty === undefined) return;
      const words = wordsFor(empty, frame);
      setText(title, frame.say(words.title));
      setHidden(why, words.why === undefined);
      setText(why, words.why === undefined ? '' : frame.say(words.why));
      setHidden(button.element, words.action === undefined);
      button.setLabel(words.action === undefined ? '' : frame.say(words.action.label));
      run = words.action?.run;
    },
  };
}

function wordsFor(empty: EmptyState, frame: PageFrame): EmptyWords {
  switch (empty) {
    case 'connecting':
      return { title: message('trust.page.connecting'), why: undefined, action: undefined };
    case 'looking':
      return { title: message('trust.page.empty.looking'), why: undefined, action: undefined };
    case 'noClusters':
      return {
        title: message('trust.page.empty.noClusters'),
        why: message('trust.page.empty.noClustersWhy'),
        action: { label: message('trust.page.empty.chooseClusters'), run: ({ send }) => { send('chooseClusters', {}); } },
      };
    case 'notSurveyed':
      return {
        title: message('trust.page.empty.notSurveyed'),
        why: message('trust.page.empty.notSurveyedWhy'),
        action: { label: message('trust.page.survey'), run: ({ send }) => { send('survey', {}); } },
      };
    case 'noProxies':
      return noProxies(frame);
    case 'noMatch':
      return {
        title: message('trust.page.empty.noMatch'),
        why: message('trust.page.empty.noMatchWhy', { total: frame.summary.total }),
        action: { label: message('trust.page.filter.clear'), run: ({ act }) => { act({ type: 'clearFilters', payload: {} }); } },
      };
    default:
      return assertNever(empty);
  }
}

function noProxies({ state, summary }: PageFrame): EmptyWords {
  const title = message('trust.page.empty.noProxies');
  const what = scopeMessage(state.scope, summary);
  if (what === undefined) return { title, why: message('trust.page.empty.noProxiesWhy'), action: undefined };
  return {
    title,
    why: message('trust.page.empty.noProxiesInScope', { what }),
    action: { label: message('trust.page.scope.wholeMesh'), run: ({ send }) => { send('widen', {}); } },
  };
}
