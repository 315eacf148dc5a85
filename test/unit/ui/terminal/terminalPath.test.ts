// PATH of the extension's terminals: ours first, whatever a rehearsal put there behind it.
import assert from 'node:assert/strict';
import path from 'node:path';
import type { PathCollection } from '../../../../src/ui/terminal/terminalPath.js';
import { TerminalPath } from '../../../../src/ui/terminal/terminalPath.js';

/** As VS Code keeps it: one change a variable. */
function collection(): PathCollection & { readonly shown: () => string; readonly changes: () => number; readonly clear: () => void } {
  const state: { change: { readonly type: number; readonly value: string } | undefined; count: number } = { change: undefined, count: 0 };
  const put = (type: number, value: string): void => {
    state.change = { type, value };
    state.count += 1;
  };
  return {
    get: () => state.change && { ...state.change, options: {} },
    prepend: (_name, value) => { put(3, value); },
    replace: (_name, value) => { put(1, value); },
    delete: () => { state.change = undefined; },
    persistent: true,
    clear: () => { state.change = undefined; },
    changes: () => state.count,
    shown: () => (state.change === undefined ? 'PATH' : state.change.type === 1 ? state.change.value : `${state.change.value}PATH`).replaceAll(path.delimiter, ':'),
  };
}

describe('PATH of the terminals', () => {
  it('begins with the directory, and with another one when the plan names another', () => {
    const terminals = collection();
    const first = new TerminalPath(terminals);
    first.putFirst('/asm/cluster-1');
    assert.equal(terminals.shown(), '/asm/cluster-1:PATH');
    first.putFirst('/asm/cluster-2');
    assert.equal(terminals.shown(), '/asm/cluster-2:PATH');
  });

  it('is kept for no other window, and is what it was when the plan goes', () => {
    const terminals = collection();
    const first = new TerminalPath(terminals);
    assert.equal(terminals.persistent, false);
    first.clear();
    first.putFirst('/asm/cluster-1');
    first.clear();
    assert.equal(terminals.shown(), 'PATH');
    terminals.replace('PATH', '/rehearsal:/usr/bin');
    first.putFirst('/asm/cluster-1');
    first.clear();
    assert.equal(terminals.shown(), '/rehearsal:/usr/bin');
  });

  it('keeps what a rehearsal put there', () => {
    const terminals = collection();
    terminals.replace('PATH', ['/rehearsal/bin', '/usr/bin'].join(path.delimiter));
    const first = new TerminalPath(terminals);
    first.putFirst('/asm/cluster-1');
    first.putFirst('/asm/cluster-2');
    assert.equal(terminals.shown(), '/asm/cluster-2:/rehearsal/bin:/usr/bin');
  });

  it('is put right again after a rehearsal has taken its own and ours away, and left alone while it is right', () => {
    const terminals = collection();
    terminals.replace('PATH', '/rehearsal/bin');
    const first = new TerminalPath(terminals);
    first.putFirst('/asm/cluster-1');
    terminals.clear();
    first.putFirst('/asm/cluster-1');
    assert.equal(terminals.shown(), '/asm/cluster-1:PATH');
    first.putFirst('/asm/cluster-1');
    assert.equal(terminals.changes(), 3);
  });
});
