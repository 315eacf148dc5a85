// What every check gets: one kubectl, one cluster, a namespace of its own, and whether pods run there.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClusterUnderTest } from './clusterUnderTest.js';
import { KubectlRunner } from './kubectlRunner.js';
import { workload } from './manifests.js';

const READY_TIMEOUT = '--timeout=90s';

interface Opened {
  readonly kubectl: KubectlRunner;
  readonly folder: string;
}

/** Declared before the cluster is there, as mocha declares checks; opened before the first of them runs. */
export class Session {
  /** 27 for v1.27.9. */
  readonly minor: number;
  readonly namespace: string;
  /** Why no pod runs, where none does. */
  podsMissing: string | undefined;
  /** The pod of the workload `web`. */
  pod = '';
  readonly #file: string;
  #opened: Opened | undefined;

  constructor(kubectl: { readonly file: string; readonly version: string }) {
    this.minor = Number(kubectl.version.split('.')[1]);
    this.namespace = `mesh-ca-checks-${this.minor}-${process.pid}`;
    this.#file = kubectl.file;
  }

  /** Makes the namespace and the workload `web`, and finds out whether its pod comes to run. */
  async open({ folder: parent, kubeconfig, context }: ClusterUnderTest): Promise<void> {
    const { namespace } = this;
    const folder = path.join(parent, String(this.minor));
    mkdirSync(folder, { recursive: true });
    const kubectl = new KubectlRunner({ file: this.#file, kubeconfig, context, cacheFolder: path.join(folder, 'cache') });
    this.#opened = { kubectl, folder };
    await kubectl.prints(`namespace/${namespace} created\n`, 'create', 'ns', namespace);
    await kubectl.apply(workload(namespace, 'web'));
    const { code, stdout, stderr } = await kubectl.run(['rollout', 'status', 'deployment/web', '-n', namespace, READY_TIMEOUT]);
    if (code !== 0) this.podsMissing = (stderr || stdout).trim();
    else this.pod = await this.read('pods', '-l', 'app=web', '-o', 'jsonpath={.items[0].metadata.name}');
  }

  get kubectl(): KubectlRunner {
    return this.#present().kubectl;
  }

  /** Writes a manifest into a file for `-f`. */
  write(name: string, text: string): string {
    const file = path.join(this.#present().folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** What `kubectl get` prints in the session's namespace. */
  async read(...args: readonly string[]): Promise<string> {
    return (await this.kubectl.prints(/(?:)/u, 'get', ...args, '-n', this.namespace)).stdout;
  }

  async close(): Promise<void> {
    // Pods that never ran have nothing to end gracefully, and nobody may be there to end them.
    await this.#opened?.kubectl.run(['delete', 'ns', this.namespace, '--ignore-not-found', ...(this.podsMissing === undefined ? [] : ['--wait=false'])]);
  }

  #present(): Opened {
    if (!this.#opened) throw new Error('the session is not open yet');
    return this.#opened;
  }
}

/** A check that needs a running pod: where none runs it says so and why, and proves nothing. */
export function itWithPods(session: Session, name: string, check: () => Promise<void>): void {
  it(name, async () => {
    if (session.podsMissing === undefined) await check();
    else process.stdout.write(`        not checked, no pod runs here: ${session.podsMissing}\n`);
  });
}
