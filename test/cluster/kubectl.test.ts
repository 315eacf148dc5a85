// The real kubectl against the rehearsal's API server: what it prints and how it exits.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { DenyRule } from '../../src/rehearsal/api/accessPolicy.js';
import { TOKEN, startTestApi } from '../support/rehearsalApi.js';
import type { TestApi } from '../support/rehearsalApi.js';
import { OPEN_PORT } from '../support/rehearsalApiBackend.js';

const KUBECTL = process.env.MESH_CA_KUBECTL ?? 'kubectl';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: istiod
  namespace: istio-system
spec:
  selector: {app: istiod}
  ports: [{name: https-dns, port: 15012, protocol: TCP}]
`;

function writeKubeconfig(folder: string, api: TestApi): void {
  const cluster = { server: api.server.url, 'certificate-authority-data': Buffer.from(api.certificate.cert).toString('base64') };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'rehearsal',
    clusters: [{ name: 'rehearsal', cluster }],
    users: [{ name: 'rehearsal', user: { token: TOKEN } }],
    contexts: [{ name: 'rehearsal', context: { cluster: 'rehearsal', user: 'rehearsal' } }],
  };
  writeFileSync(path.join(folder, 'kubeconfig'), JSON.stringify(config));
}

describe('kubectl', function () {
  // A cold kubectl reads the whole discovery before its first answer.
  this.timeout(60_000);
  let api: TestApi;
  let folder: string;
  const deny: DenyRule[] = [];

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    KUBECONFIG: path.join(folder, 'kubeconfig'),
    // Discovery of another server on the same port, and the dispatcher's choice of a kubectl, must not be remembered.
    KUBECACHEDIR: path.join(folder, 'cache'),
  });
  const kubectl = (...args: readonly string[]): Promise<Outcome> =>
    new Promise((resolve) => {
      execFile(KUBECTL, args, { env: environment() }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr });
      });
    });
  const prints = async (expected: string | RegExp, ...args: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await kubectl(...args);
    assert.equal(code, 0, stderr);
    if (typeof expected === 'string') assert.equal(stdout, expected);
    else assert.match(stdout, expected);
  };
  const fails = async (expected: string | RegExp, ...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await kubectl(...args);
    assert.equal(code, 1);
    if (typeof expected === 'string') assert.equal(stderr, expected);
    else assert.match(stderr, expected);
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-kubectl-'));
    api = await startTestApi({ stopsByItself: true, access: { deny } });
    writeKubeconfig(folder, api);
    writeFileSync(path.join(folder, 'service.yaml'), SERVICE);
    const { stdout, stderr, code } = await kubectl('version');
    assert.equal(code, 0, `${KUBECTL} does not run against the rehearsal: ${stderr}`);
    process.stdout.write(`    ${KUBECTL}: ${stdout.replaceAll('\n', ', ')}\n`);
  });
  after(async () => {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    deny.length = 0;
  });

  it('shows the revision label of namespaces in a column', () => prints(/^bar +Active +\d+s +asm-1162-2 *$/mu, 'get', 'ns', '-L', 'istio.io/rev'));
  it('shows labels', () => prints(/^foo +Active +\S+ +istio-injection=enabled,kubernetes\.io\/metadata\.name=foo$/mu, 'get', 'ns', 'foo', '--show-labels'));
  it('shows pods of all namespaces with their nodes', () => prints(/^bar +lonely +2\/2 +Running +0 +\S+ +10\.4\.0\.7 +node-1/mu, 'get', 'pods', '-A', '-o', 'wide'));
  it('sorts by a field', () => prints('pod/cart-7d9f-aaaaa\npod/cart-7d9f-bbbbb\n', 'get', 'pods', '-n', 'foo', '--sort-by=.metadata.name', '-o', 'name'));
  it('picks by field', () => prints('pod/lonely\n', 'get', 'pods', '-A', '--field-selector=metadata.namespace=bar', '-o', 'name'));
  it('shows deployments and replica sets together', () => prints(/^deployment\.apps\/cart +2\/2 +2 +2 /mu, 'get', 'deploy,rs', '-n', 'foo'));
  it('shows Istio operators by their short name', () => prints(/^installed-state-asm-1162-2 +asm-1162-2 /mu, 'get', 'iop', '-n', 'istio-system'));
  it('prints a secret as YAML', () => prints(/^ {2}root-cert\.pem: cm9vdA==$/mu, 'get', 'secret/cacerts', '-n', 'istio-system', '-o', 'yaml'));
  it('describes a pod', () => prints(/^Node: +node-1/mu, 'describe', 'pod', 'lonely', '-n', 'bar'));
  it('says what is not there', () => fails('Error from server (NotFound): pods "nope" not found\n', 'get', 'pod', 'nope', '-n', 'foo'));
  it('knows the resources', () => prints(/^virtualservices +vs +networking\.istio\.io\/v1 +true +VirtualService$/mu, 'api-resources'));
  it('may do what nobody denies', () => prints('yes\n', 'auth', 'can-i', 'create', 'pods/portforward', '-n', 'foo'));
  it('may not do what a rule denies', async () => {
    deny.push({ verbs: ['list'], resources: ['pods'], namespaces: ['foo'] });
    assert.equal((await kubectl('auth', 'can-i', 'list', 'pods', '-n', 'foo')).stdout, 'no\n');
    await fails(
      'Error from server (Forbidden): pods is forbidden: User "rehearsal" cannot list resource "pods" in API group "" in the namespace "foo"\n',
      'get', 'pods', '-n', 'foo',
    );
  });

  it('labels a namespace, once', async () => {
    const label = ['label', 'namespace', 'foo', 'istio.io/rev=asm-1162-2', 'istio-injection-', '--overwrite'];
    await prints('namespace/foo labeled\n', ...label);
    const again = await kubectl(...label);
    assert.deepEqual([again.code, again.stdout.includes('namespace/foo not labeled')], [0, true]);
    await prints('asm-1162-2', 'get', 'ns', 'foo', '-o', 'jsonpath={.metadata.labels.istio\\.io/rev}');
  });
  it('changes nothing in a dry run', async () => {
    await prints('namespace/foo labeled (server dry run)\n', 'label', 'ns', 'foo', 'a=b', '--dry-run=server');
    await prints('', 'get', 'ns', '-l', 'a=b', '-o', 'name');
  });
  it('annotates', () => prints(/^namespace\/foo annotated?\n$/u, 'annotate', 'ns', 'foo', 'note=hello'));
  it('restarts rollouts, or says that there are none', async () => {
    await prints('deployment.apps/cart restarted\n', 'rollout', 'restart', 'deployment', '-n', 'foo');
    const none = await kubectl('rollout', 'restart', 'deployment', '-n', 'bar');
    assert.deepEqual([none.code, none.stderr], [0, 'No resources found in bar namespace.\n']);
  });
  it('waits for a rollout until its controller has seen it', async () => {
    const waiting = kubectl('rollout', 'status', 'deployment/cart', '-n', 'foo');
    const { store } = api.cluster.backend;
    const cart = store.get('deployments.apps', 'foo', 'cart');
    assert.ok(cart);
    store.replace('deployments.apps', { ...cart, status: { ...(cart.status as object), observedGeneration: cart.metadata.generation } });
    assert.match((await waiting).stdout, /deployment "cart" successfully rolled out/u);
  });
  it('scales and patches', async () => {
    await prints('deployment.apps/cart scaled\n', 'scale', 'deployment', 'cart', '-n', 'foo', '--replicas=3');
    await prints('deployment.apps/cart patched\n', 'patch', 'deployment', 'cart', '-n', 'foo', '-p', '{"metadata":{"labels":{"x":"y"}}}');
    await prints('deployment.apps/cart patched\n', 'patch', 'deployment', 'cart', '-n', 'foo', '--type=json', '-p', '[{"op":"remove","path":"/metadata/labels/x"}]');
    await prints('deployment.apps/cart image updated\n', 'set', 'image', 'deployment/cart', '-n', 'foo', 'app=app:2');
  });
  it('applies a new, an equal and a changed service', async () => {
    const file = path.join(folder, 'service.yaml');
    await prints('service/istiod created\n', 'apply', '-f', file);
    await prints('service/istiod unchanged\n', 'apply', '-f', file);
    writeFileSync(file, SERVICE.replace('15012, ', '15012, targetPort: 15013, '));
    await prints('service/istiod configured\n', 'apply', '-f', file);
    await prints('service/istiod serverside-applied\n', 'apply', '--server-side', '--force-conflicts', '-f', file);
    await prints(/^istiod +ClusterIP +10\.8\.\S+ +<none> +15012\/TCP/mu, 'get', 'svc', '-n', 'istio-system');
  });
  it('deletes several kinds of a name, there or not', () =>
    prints(/^service "istiod" deleted/u, 'delete', 'Service,Deployment,HorizontalPodAutoscaler,PodDisruptionBudget', 'istiod', '-n', 'istio-system', '--ignore-not-found=true'));
  it('creates a namespace, a secret and a config map, and deletes the namespace with them', async () => {
    await prints('namespace/new created\n', 'create', 'ns', 'new');
    await fails('Error from server (AlreadyExists): namespaces "new" already exists\n', 'create', 'ns', 'new');
    await prints('secret/s created\n', 'create', 'secret', 'generic', 's', '-n', 'new', '--from-literal=a=b');
    await prints('configmap/c created\n', 'create', 'configmap', 'c', '-n', 'new', '--from-literal=a=b');
    await prints(/^namespace "new" deleted/u, 'delete', 'ns', 'new');
    await fails(/\(NotFound\)/u, 'get', 'secret', 's', '-n', 'new');
  });
  it('deletes a secret that is there beside one that is not', () =>
    prints(/^secret "cacerts" deleted/u, 'delete', 'secret', 'cacerts', 'istio-ca-secret', '-n', 'istio-system', '--ignore-not-found'));
  it('deletes an Istio operator, but not twice', async () => {
    const args = ['delete', 'IstioOperator', 'installed-state-asm-1162-2', '-n', 'istio-system'];
    await prints(/^istiooperator\.install\.istio\.io "installed-state-asm-1162-2" deleted/u, ...args);
    await fails('Error from server (NotFound): istiooperators.install.istio.io "installed-state-asm-1162-2" not found\n', ...args);
  });

  /** The first line of a running command that matches, with what its groups caught. */
  const firstMatch = (child: ReturnType<typeof spawn>, pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      if (!child.stdout) throw new Error('the command has no output');
      createInterface({ input: child.stdout }).on('line', (line) => {
        const match = pattern.exec(line);
        if (match) resolve(match);
      });
      child.once('exit', (code) => {
        reject(new Error(`kubectl exited with ${String(code)}`));
      });
    });
  const stopped = (child: ReturnType<typeof spawn>): Promise<void> =>
    new Promise((resolve) => {
      child.removeAllListeners('exit');
      child.once('exit', () => {
        resolve();
      });
      child.kill();
    });

  it('watches changes as they come', async () => {
    const child = spawn(KUBECTL, ['get', 'ns', '-w', '-L', 'track'], { env: environment() });
    try {
      await firstMatch(child, /^kube-system /u);
      const { store } = api.cluster.backend;
      const foo = store.get('namespaces', undefined, 'foo');
      assert.ok(foo);
      store.replace('namespaces', { ...foo, metadata: { ...foo.metadata, labels: { ...foo.metadata.labels, track: 'seen' } } });
      await firstMatch(child, /^foo +Active +\S+ +seen/u);
    } finally {
      await stopped(child);
    }
  });

  it('forwards a port', async () => {
    const child = spawn(KUBECTL, ['port-forward', '-n', 'bar', 'pod/lonely', `:${OPEN_PORT}`], { env: environment() });
    try {
      const [, port] = await firstMatch(child, /^Forwarding from 127\.0\.0\.1:(\d+) ->/u);
      const answer = await new Promise<string>((resolve, reject) => {
        http.get({ host: '127.0.0.1', port, path: '/config_dump', agent: false }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
          response.on('end', () => { resolve(text); });
        }).on('error', reject);
      });
      assert.equal(answer, 'answer to /config_dump');
    } finally {
      await stopped(child);
    }
  });

  it('deletes pods and deployments by label, with what they own', async () => {
    await prints(/^pod "lonely" deleted/u, 'delete', 'pod', 'lonely', '-n', 'bar');
    await prints(/^deployment\.apps "cart" deleted/u, 'delete', 'deploy', '-l', 'app=cart', '-n', 'foo');
    const none = await kubectl('delete', 'deploy', '-l', 'app=cart', '-n', 'foo');
    assert.deepEqual([none.code, none.stdout], [0, 'No resources found\n']);
    await prints('', 'get', 'pods', '-n', 'foo', '-o', 'name');
  });
});
