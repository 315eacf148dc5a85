// What processes of the extension get that have to find the tools of its terminals.
import assert from 'node:assert/strict';
import type { ChangedVariables } from '../../../../src/ui/terminal/terminalEnvironment.js';
import { terminalEnvironment } from '../../../../src/ui/terminal/terminalEnvironment.js';

describe('the environment of the terminals', () => {
  it('is what they change: replaced, put before, put behind', () => {
    const changes = new Map([['PATH', { type: 3, value: '/rehearsal:' }], ['MESH', { type: 1, value: 'folder' }], ['FLAGS', { type: 2, value: ' -v' }], ['NEW', { type: 3, value: 'new' }]]);
    const collection = {
      forEach: (look: (name: string, change: { type: number; value: string }) => void) => { changes.forEach((change, name) => { look(name, change); }); },
    } as unknown as ChangedVariables;
    assert.deepEqual(terminalEnvironment(collection, { PATH: '/bin', MESH: 'none', FLAGS: '-q', HOME: '/root' }), {
      PATH: '/rehearsal:/bin', MESH: 'folder', FLAGS: '-q -v', NEW: 'new',
    });
  });
});
