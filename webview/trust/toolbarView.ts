// The top line: what was surveyed and when, how far it is now, over which part of the mesh, and the button for it.
import { message } from '../../src/shared/text/message.js';
import { createElement, setHidden, setText } from './dom.js';
import { createExportMenu } from './exportMenu.js';
import { createIcon } from './icons.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { progressMessage, scopeMessage, surveyedMessage } from './pageStatus.js';
import { createButton, createProgressRing } from './toolkit.js';

export function createToolbar(actions: PageActions): PagePart {
  const { send } = actions;
  const menu = createExportMenu(actions);
  const title = createElement('h1');
  const ring = createProgressRing();
  const status = createElement('span', { className: 'status' });
  const progress = createElement('span', { className: 'progress' });
  const scope = createScopeChip({ send });
  const buttons = createSurveyButtons({ send });
  const element = createElement('header', {
    className: 'toolbar',
    children: [title, createElement('div', { className: 'statusLine', children: [ring, status, progress] }), scope.element, createElement('div', { className: 'actions', children: [buttons.element, menu.element] })],
  });
  return {
    element,
    draw: (frame) => {
      const { state, say, showMoment } = frame;
      setText(title, say(message('trust.page.title')));
      setHidden(ring, !state.progress.running);
      setHidden(status, !state.connected);
      setText(status, say(surveyedMessage(state.progress, state.now)));
      const { finishedAt } = state.progress;
      status.title = finishedAt === undefined ? '' : say(message('trust.page.surveyedAt', { moment: showMoment(finishedAt) }));
      setHidden(progress, !state.connected || state.progress.total === 0);
      setText(progress, say(state.progress.running ? progressMessage(state.progress) : proxyCount(frame)));
      scope.draw(frame);
      buttons.draw(frame);
      menu.draw(frame);
    },
  };
}

function proxyCount({ summary }: PageFrame): ReturnType<typeof message> {
  return message('trust.page.proxies', { count: summary.total });
}

function createScopeChip({ send }: Pick<PageActions, 'send'>): PagePart {
  const words = createElement('span');
  const widen = createElement('button', { className: 'link', attributes: { type: 'button' } });
  widen.addEventListener('click', () => {
    send('widen', {});
  });
  const element = createElement('div', { className: 'chip', children: [createIcon('scope'), words, widen] });
  return {
    element,
    draw: ({ state, summary, say }) => {
      const scope = scopeMessage(state.scope, summary);
      setHidden(element, scope === undefined);
      if (scope === undefined) return;
      setText(words, say(message('trust.page.scope.only', { what: scope })));
      words.title = words.textContent;
      setText(widen, say(message('trust.page.scope.wholeMesh')));
    },
  };
}

function createSurveyButtons({ send }: Pick<PageActions, 'send'>): PagePart {
  const survey = createButton('primary', () => {
    send('survey', {});
  });
  const cancel = createButton('secondary', () => {
    send('cancel', {});
  });
  const element = createElement('div', { className: 'surveyButtons', children: [survey.element, cancel.element] });
  return {
    element,
    draw: ({ state, say }) => {
      const { running, finishedAt } = state.progress;
      const [shown, other] = running ? [cancel, survey] : [survey, cancel];
      // The keyboard stays on the button's place when one button gives way to the other.
      const hadFocus = document.activeElement === other.element;
      setHidden(survey.element, running || !state.connected || state.chosen.length === 0);
      setHidden(cancel.element, !running);
      if (hadFocus) shown.element.focus();
      survey.setLabel(say(finishedAt === undefined ? message('trust.page.survey') : message('trust.page.surveyAgain')));
      cancel.setLabel(say(message('trust.page.cancel')));
    },
  };
}
