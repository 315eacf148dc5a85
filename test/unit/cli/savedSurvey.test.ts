// `mesh-ca survey --save` and `--from`: the same answers without a cluster, and Ctrl+C that keeps what was read.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckWorld } from '../../../src/cli/runCheck.js';
import { runCommandLine } from '../../../src/cli/commandLine.js';
import { fail } from '../../../src/shared/failure.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { checkWorld } from '../../support/checkWorld.js';
import { MIXED_ANSWERS, MIXED_MESH } from '../../support/surveyRecords.js';

const REFUSED = fail({ kind: 'proxyUnreachable', reason: 'connection refused' });
const NO_CLUSTERS = checkWorld([], { readSecrets: () => Promise.resolve(REFUSED), readInboundDomains: () => Promise.resolve(REFUSED) });
const LIVE = checkWorld([MIXED_MESH], {
  readSecrets: ({ pod }) => Promise.resolve(MIXED_ANSWERS[pod] ?? REFUSED),
  readInboundDomains: () => Promise.resolve(REFUSED),
});

interface Ran {
  readonly out: string;
  readonly error: string;
  readonly terminal: string;
  readonly code: number;
}

describe('a survey in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-saved-'));
  const file = path.join(folder, 'survey.json');

  async function run(args: string, world: CheckWorld, signal = new AbortController().signal): Promise<Ran> {
    const written = { out: '', error: '', terminal: '' };
    const code = await runCommandLine(args.split(' '), {
      render: textRenderer('en'),
      openWorld: () => Promise.resolve(world),
      rehearse: () => Promise.resolve(1),
      writeOut: (text) => { written.out += text; },
      writeError: (text) => { written.error += text; },
      terminal: { write: (text) => { written.terminal += text; }, columns: () => 120 },
      tool: 'mesh-ca test',
      signal,
    });
    return { ...written, code };
  }

  after(() => { rmSync(folder, { recursive: true }); });

  it('answers as the clusters did, in every format and as a matrix, with the same exit code', async () => {
    const live = await run(`survey --kubeconfig config --all-contexts --output csv --save ${file}`, LIVE);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((JSON.parse(readFileSync(file, 'utf8')) as { tool: string }).tool, 'mesh-ca test');
    const saved = await run(`survey --from ${file} --output csv`, NO_CLUSTERS);
    assert.deepEqual([saved.out, saved.error, saved.code], [live.out, live.error, live.code]);
    const matrices = [await run('matrix --kubeconfig config --all-contexts', LIVE), await run(`matrix --from ${file}`, NO_CLUSTERS)];
    assert.equal(matrices[1]?.out, matrices[0]?.out);
    for (const style of ['json', 'markdown', 'junit', 'sarif']) {
      assert.match((await run(`survey --from ${file} --output ${style}`, NO_CLUSTERS)).out, /refused-1/);
    }
  });

  it('draws progress on a terminal while clusters are asked, and leaves none behind', async () => {
    const { terminal, out } = await run('survey --kubeconfig config --all-contexts --output csv', LIVE);
    assert.match(terminal, /0\/4/);
    assert.ok(terminal.endsWith('\r\u001b[K'));
    assert.ok(!out.includes('\u001b'));
  });

  it('is not mixed with clusters, and says what is wrong with it', async () => {
    const both = await run(`survey --from ${file} --kubeconfig config --all-contexts`, NO_CLUSTERS);
    assert.deepEqual([both.code, both.out], [2, '']);
    assert.match(both.error, /choose either --from/);
    assert.match((await run('survey --all-contexts', NO_CLUSTERS)).error, /name a kubeconfig/);
    assert.match((await run(`matrix --from ${path.join(folder, 'nowhere')}`, NO_CLUSTERS)).error, /nowhere: ENOENT/);
    writeFileSync(path.join(folder, 'broken.json'), '{"format":"mesh-ca-survey","version":1}');
    const broken = await run(`survey --from ${path.join(folder, 'broken.json')}`, NO_CLUSTERS);
    assert.equal(broken.code, 2);
    assert.match(broken.error, /broken\.json: it is not a saved survey of this version: tool: /);
  });

  it('that cannot be written is no success, and its answers are printed all the same', async () => {
    const { out, error, code } = await run(`survey --kubeconfig config --all-contexts --save ${folder}/no/folder.json`, LIVE);
    assert.equal(code, 2);
    assert.match(error, /could not write .*folder\.json/);
    assert.match(out, /old-1/);
  });

  it('keeps and prints what was read until Ctrl+C', async () => {
    const cancel = new AbortController();
    const hanging: CheckWorld = {
      ...LIVE,
      proxyReader: {
        ...LIVE.proxyReader,
        readSecrets: ({ pod }, signal) => {
          if (pod === 'new-1') return Promise.resolve(MIXED_ANSWERS[pod] ?? REFUSED);
          queueMicrotask(() => { cancel.abort(); });
          return new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(fail({ kind: 'cancelled' })); }); });
        },
      },
    };
    const { out } = await run('survey --kubeconfig config --all-contexts --output csv', hanging, cancel.signal);
    assert.match(out, /,bar,new-1,asm-2,read,/);
    assert.match(out, /,foo,old-1,default,unknown,/);
  });
});
