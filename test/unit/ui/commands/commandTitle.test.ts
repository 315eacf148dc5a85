// What a command that failed is called in the message about it.
import assert from 'node:assert/strict';
import { commandTitles } from '../../../../src/ui/commands/commandTitle.js';
import { readJson } from '../../../support/repository.js';

describe('the title of a command', () => {
  it('is what its menus say, in the language that VS Code put into package.json, without the dots', () => {
    const commands = [{ command: 'meshCa.rehearsal.start', title: '리허설 시작…' }, { command: 'meshCa.trust.open', title: { value: '인증서 신뢰 표시', original: 'Show' } }];
    const titleOf = commandTitles({ contributes: { commands } });
    assert.deepEqual([titleOf('meshCa.rehearsal.start'), titleOf('meshCa.trust.open')], ['리허설 시작', '인증서 신뢰 표시']);
  });

  it('is the id where there is no other: a placeholder says less', () => {
    assert.equal(commandTitles(readJson('package.json'))('meshCa.rehearsal.start'), 'meshCa.rehearsal.start');
    assert.equal(commandTitles({})('meshCa.log.show'), 'meshCa.log.show');
  });
});
