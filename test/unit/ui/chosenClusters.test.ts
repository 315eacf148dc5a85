// Which clusters take part, and where kubeconfigs are looked for.
import assert from 'node:assert/strict';
import type { KubeconfigPlaces } from '../../../src/ui/chosenClusters.js';
import { ChosenClusters } from '../../../src/ui/chosenClusters.js';
import { CLUSTER_1 } from '../../support/meshBuilder.js';

const OTHER = { kubeconfig: '/tmp/k', context: 'other' };

class Memory {
  readonly values = new Map<string, unknown>();
  get(key: string): unknown {
    return this.values.get(key);
  }
  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}

function chosenIn(memory = new Memory(), places: Partial<KubeconfigPlaces> = {}): ChosenClusters {
  const none: KubeconfigPlaces = { setting: () => [], environment: undefined, pathSeparator: ':', home: '/home/me' };
  return new ChosenClusters(memory, { ...none, ...places }, (error) => { throw error; });
}

describe('ChosenClusters', () => {
  it('remembers the choice, once each, and tells of changes', async () => {
    const memory = new Memory();
    const chosen = chosenIn(memory);
    const heard: string[] = [];
    chosen.onDidChange((refs) => heard.push(refs.map(({ context }) => context).join()));
    await chosen.choose([CLUSTER_1]);
    await chosen.add([CLUSTER_1, OTHER]);
    await chosen.leaveOut([CLUSTER_1]);
    assert.deepEqual(heard, [CLUSTER_1.context, `${CLUSTER_1.context},other`, 'other']);
    assert.deepEqual(chosenIn(memory).refs, [OTHER]);
  });

  it('starts empty on a memory it does not understand', () => {
    const memory = new Memory();
    memory.values.set('meshCa.chosenClusters.1', [{ kubeconfig: 1 }, null, OTHER]);
    assert.deepEqual(chosenIn(memory).refs, [OTHER]);
    memory.values.set('meshCa.chosenClusters.1', 'nonsense');
    assert.deepEqual(chosenIn(memory).refs, []);
  });

  it('looks in the setting, else in KUBECONFIG, else where kubectl looks', () => {
    const environment = '/a::/b';
    assert.deepEqual(chosenIn(undefined, { setting: () => ['~/mine', '/x'], environment }).kubeconfigFiles(), ['/home/me/mine', '/x']);
    assert.deepEqual(chosenIn(undefined, { environment }).kubeconfigFiles(), ['/a', '/b']);
    assert.deepEqual(chosenIn().kubeconfigFiles(), ['/home/me/.kube/config']);
  });

  it('offers an additional file while it is of use', () => {
    const chosen = chosenIn();
    const added = chosen.addKubeconfigFile('/tmp/rehearsal');
    assert.deepEqual(chosen.kubeconfigFiles(), ['/home/me/.kube/config', '/tmp/rehearsal']);
    added.dispose();
    assert.deepEqual(chosen.kubeconfigFiles(), ['/home/me/.kube/config']);
  });
});
