// What a rehearsal's terminals get: launchers in front of PATH that run and find their rehearsal.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { prepareTerminal } from '../../../src/rehearsal/terminalEnvironment.js';

describe("a rehearsal's terminals", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "mesh-ca's terminal "));
  });
  after(() => rm(folder, { recursive: true }));

  async function prepare(): Promise<Map<string, string>> {
    const script = path.join(folder, 'echo.js');
    await writeFile(script, 'console.log(JSON.stringify([process.argv.slice(2), process.env.MESH_CA_REHEARSAL]))');
    const standIns = { script, names: ['asmcli', 'gcloud'] };
    return new Map(await prepareTerminal(folder, { script, standIns, kubeconfigPath: '/k', searchPath: '/usr/bin' }));
  }

  it('have the kubeconfig, a cache of their own, and the launchers first on PATH', async () => {
    const variables = await prepare();
    assert.deepEqual([variables.get('KUBECONFIG'), variables.get('KUBECACHEDIR')], ['/k', path.join(folder, 'kube-cache')]);
    assert.deepEqual(variables.get('PATH')?.split(path.delimiter), [path.join(folder, 'bin'), '/usr/bin']);
  });

  it('start each tool under its name, with the words as typed and the folder of the rehearsal', async () => {
    await prepare();
    const isWindows = process.platform === 'win32';
    const run = async (name: string): Promise<unknown> => {
      const launcher = path.join(folder, 'bin', isWindows ? `${name}.cmd` : name);
      return JSON.parse((await promisify(execFile)(launcher, ['a b', "c'd"], { shell: isWindows })).stdout) as unknown;
    };
    assert.deepEqual(await run('mesh-ca'), [['a b', "c'd"], folder]);
    assert.deepEqual(await run('asmcli'), [['asmcli', 'a b', "c'd"], folder]);
    assert.deepEqual(await run('gcloud'), [['gcloud', 'a b', "c'd"], folder]);
    if (!isWindows) assert.equal((await stat(path.join(folder, 'bin', 'asmcli'))).mode & 0o777, 0o700);
  });
});
