// The Matrix: every class of proxies against every class, both directions in one cell, now or after a step that was not run.
import { message } from '../../src/shared/text/message.js';
import { createElement, setHidden, setText } from './dom.js';
import { createFacetSelect } from './facetSelect.js';
import { createMatrixGrid } from './matrixGrid.js';
import { createPairView } from './matrixPairView.js';
import { matrixVerdict } from './matrixVerdict.js';
import type { PageActions, PagePart } from './pageFrame.js';
import { createWorkingView } from './workingView.js';

export function createMatrixView(actions: PageActions): PagePart {
  const working = createWorkingView(actions);
  const head = createMatrixHead(actions);
  const grid = createMatrixGrid(actions);
  const pair = createPairView(actions, () => {
    grid.focus();
  });
  const gridFrame = createElement('div', { className: 'matrixFrame scrolled', children: [head.element, grid.element] });
  const contents = createElement('div', { className: 'matrixContents', children: [gridFrame, pair.element] });
  return {
    element: createElement('div', { className: 'matrix', children: [working.element, contents] }),
    draw: (frame) => {
      const { connected, matrix } = frame.state;
      const ready = connected && matrix !== undefined && matrix.classes.length > 0;
      setHidden(contents, !ready);
      working.draw(frame, ready);
      if (!ready) return;
      for (const part of [head, grid, pair]) part.draw(frame);
    },
  };
}

function createMatrixHead({ send }: PageActions): PagePart {
  const title = createElement('h2');
  const suppose = createFacetSelect((value) => {
    send('suppose', { hypothesis: value });
  });
  const label = createElement('label', { className: 'suppose', children: [createElement('span'), suppose.element] });
  const verdict = createElement('p', { className: 'verdict' });
  const note = createElement('p', { className: 'supposeNote' });
  const help = createElement('p', { className: 'dim' });
  const line = createElement('div', { className: 'matrixHead', children: [title, label] });
  return {
    element: createElement('div', { children: [line, verdict, note, help] }),
    draw: ({ state, say }) => {
      const { matrix } = state;
      if (matrix === undefined) return;
      setText(title, say(message('panel.matrix.title')));
      setText(label.firstChild ?? label, say(message('panel.matrix.suppose')));
      const options = matrix.hypotheses.map(({ id, label: words }) => ({ value: id, label: say(words), isName: false }));
      suppose.draw(say(message('panel.matrix.suppose')), say(message('panel.matrix.suppose.none')), options, matrix.hypothesis);
      setHidden(label, matrix.hypotheses.length === 0);
      setText(verdict, matrixVerdict(matrix).map(say).join(' '));
      setHidden(note, matrix.hypothesis === undefined);
      const changed = matrix.cells.flat().filter((cell) => cell.changed).length;
      const notes = [message('panel.matrix.suppose.note'), message('panel.matrix.suppose.changed', { count: changed }), ...matrix.notes];
      setText(note, notes.map(say).join(' '));
      setText(help, [say(message('panel.matrix.help')), ...(matrix.more === 0 ? [] : [say(message('panel.matrix.more', { count: matrix.more }))])].join(' '));
    },
  };
}
