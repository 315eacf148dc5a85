// How kubectl reads and writes: discovery, tables, watches, patches, apply of both kinds, dry runs, deletion, permissions.
import assert from 'node:assert/strict';
import { budget, configMap, idleDeployment, workload } from '../support/manifests.js';
import { itWithPods } from '../support/session.js';
import type { Session } from '../support/session.js';

export function describeReading(session: Session): void {
  const { namespace } = session;

  it('knows the resources by their short names', async () => {
    const { kubectl } = session;
    const { stdout } = await kubectl.prints(/^deployments +deploy +apps\/v1 +true +Deployment$/mu, 'api-resources');
    assert.match(stdout, /^mutatingwebhookconfigurations +admissionregistration\.k8s\.io\/v1 +false +MutatingWebhookConfiguration$/mu);
    await kubectl.prints(/^rbac\.authorization\.k8s\.io\/v1$/mu, 'api-versions');
  });
  it('shows a deployment as a table, wide, by name, as YAML, by path and by columns', async () => {
    const { kubectl } = session;
    const get = ['get', 'deploy', 'web', '-n', namespace, '-o'];
    await kubectl.prints(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +\d\/1 +\d +\d /u, ...get.slice(0, -1));
    await kubectl.prints(/CONTAINERS +IMAGES +SELECTOR\nweb .* app +busybox:1\.36 +app=web\n$/u, ...get, 'wide');
    await kubectl.prints('deployment.apps/web\n', ...get, 'name');
    await kubectl.prints(/^kind: Deployment$/mu, ...get, 'yaml');
    await kubectl.prints('app', ...get, 'jsonpath={.spec.template.spec.containers[*].name}');
    await kubectl.prints('NAME   IMAGE\nweb    busybox:1.36\n', ...get, 'custom-columns=NAME:.metadata.name,IMAGE:.spec.template.spec.containers[0].image');
  });
  it('picks by fields and labels, in one namespace or all', async () => {
    const { kubectl } = session;
    await kubectl.prints('deployment.apps/web\n', 'get', 'deploy', '-A', `--field-selector=metadata.namespace=${namespace}`, '-l', 'app in (web),!none', '-o', 'name');
    await kubectl.fails(/field label not supported: spec\.unheard/u, 'get', 'pods', '-n', namespace, '--field-selector=spec.unheard=x');
    const { stderr } = await kubectl.prints('', 'get', 'pods', '-n', namespace, '-l', 'app=nothing');
    assert.equal(stderr, `No resources found in ${namespace} namespace.\n`);
  });
  it('says what is not there', async () => {
    const { kubectl } = session;
    await kubectl.fails('Error from server (NotFound): pods "nope" not found\n', 'get', 'pod', 'nope', '-n', namespace);
    await kubectl.fails(/namespaces "checks-nowhere" not found$/mu, 'create', 'configmap', 'c', '-n', 'checks-nowhere');
    await kubectl.fails('error: the server doesn\'t have a resource type "things"\n', 'get', 'things');
  });
  it('describes', () => session.kubectl.prints(/^Selector: +app=web$/mu, 'describe', 'deploy', 'web', '-n', namespace).then(() => undefined));
  itWithPods(session, 'reads a log', () => session.kubectl.prints(/(?:)/u, 'logs', 'deploy/web', '-n', namespace).then(() => undefined));

  it('watches changes as they come', async () => {
    const { kubectl } = session;
    const watch = kubectl.start(['get', 'ns', namespace, '-w', '-L', 'track']);
    try {
      await watch.line(new RegExp(`^${namespace} +Active`, 'u'));
      await kubectl.prints(/labeled/u, 'label', 'ns', namespace, 'track=seen', '--overwrite');
      await watch.line(/ seen$/u);
      await kubectl.prints(/labeled/u, 'label', 'ns', namespace, 'track-');
    } finally {
      await watch.stop();
    }
  });
}

export function describeWriting(session: Session): void {
  const { namespace } = session;

  it('creates what newer kubectls send as protobuf, and only once', async () => {
    const { kubectl } = session;
    await kubectl.prints('configmap/made created\n', 'create', 'configmap', 'made', '-n', namespace, '--from-literal=a=b');
    await kubectl.fails('error: failed to create configmap: configmaps "made" already exists\n', 'create', 'configmap', 'made', '-n', namespace);
    await kubectl.prints('secret/made created\n', 'create', 'secret', 'generic', 'made', '-n', namespace, '--from-literal=a=b');
    assert.equal(await session.read('secret', 'made', '-o', 'jsonpath={.type} {.data.a}'), 'Opaque Yg==');
    await kubectl.prints('serviceaccount/made created\n', 'create', 'sa', 'made', '-n', namespace);
    await kubectl.prints('deployment.apps/made created\n', 'create', 'deployment', 'made', '-n', namespace, '--image=busybox:1.36', '--replicas=0');
  });
  it('patches in three ways', async () => {
    const { kubectl } = session;
    const patch = ['patch', 'deploy', 'made', '-n', namespace];
    await kubectl.prints('deployment.apps/made patched\n', ...patch, '-p', '{"spec":{"template":{"spec":{"containers":[{"name":"busybox","env":[{"name":"A","value":"1"}]}]}}}}');
    assert.equal(await session.read('deploy', 'made', '-o', 'jsonpath={.spec.template.spec.containers[*].image}'), 'busybox:1.36');
    await kubectl.prints('deployment.apps/made patched\n', ...patch, '--type=merge', '-p', '{"metadata":{"labels":{"x":"y"}}}');
    await kubectl.prints('deployment.apps/made patched (no change)\n', ...patch, '--type=merge', '-p', '{"metadata":{"labels":{"x":"y"}}}');
    await kubectl.prints('deployment.apps/made patched\n', ...patch, '--type=json', '-p', '[{"op":"remove","path":"/metadata/labels/x"}]');
    await kubectl.prints('deployment.apps/made image updated\n', 'set', 'image', 'deploy/made', 'busybox=busybox:1.37', '-n', namespace);
  });
  it('scales', async () => {
    const { kubectl } = session;
    await kubectl.prints('deployment.apps/made scaled\n', 'scale', 'deploy', 'made', '-n', namespace, '--replicas=0');
    await kubectl.fails(/^error: Expected replicas to be 7, was 0/mu, 'scale', 'deploy', 'made', '-n', namespace, '--current-replicas=7', '--replicas=1');
  });
  it('refuses to change a selector, with the words of the field', () =>
    session.kubectl
      .fails(/The Deployment "made" is invalid:.*spec\.selector: Invalid value: .*field is immutable/su, 'patch', 'deploy', 'made', '-n', namespace, '--type=merge', '-p', '{"spec":{"selector":{"matchLabels":{"app":"made","more":"1"}},"template":{"metadata":{"labels":{"app":"made","more":"1"}}}}}')
      .then(() => undefined));
  it('refuses names and labels that cannot be', async () => {
    const { kubectl } = session;
    await kubectl.fails(/ConfigMap "Wrong_Name" is invalid: metadata\.name: Invalid value: "Wrong_Name": a lowercase RFC 1123 subdomain/mu, 'create', 'configmap', 'Wrong_Name', '-n', namespace);
    await kubectl.fails(/a valid label must be an empty string or consist of alphanumeric characters/u, 'patch', 'ns', namespace, '--type=merge', '-p', '{"metadata":{"labels":{"a":"not/valid"}}}');
  });
  it('refuses fields that do not exist', async () => {
    const { kubectl } = session;
    const file = session.write('unknown.yaml', idleDeployment(namespace, 'unknown').replace('replicas: 0', 'replicas: 0\n  replica: 1'));
    await kubectl.fails(/Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec\.replica"/u, 'apply', '-f', file);
  });
  it('shows a difference and changes nothing in dry runs', async () => {
    const { kubectl } = session;
    const file = session.write('diff.yaml', configMap(namespace, 'made', '{a: other}'));
    const { code, stdout } = await kubectl.run(['diff', '-f', file]);
    assert.equal(code, 1);
    assert.match(stdout, /^\+ {2}a: other$/mu);
    await kubectl.prints('configmap/made configured (server dry run)\n', 'apply', '-f', file, '--dry-run=server');
    await kubectl.prints(`namespace/${namespace} labeled (server dry run)\n`, 'label', 'ns', namespace, 'dry=run', '--dry-run=server');
    await kubectl.prints(/^configmap "made" deleted.*\(server dry run\)$/mu, 'delete', 'configmap', 'made', '-n', namespace, '--dry-run=server');
    assert.equal(await session.read('configmap', 'made', '-o', 'jsonpath={.data.a}'), 'b');
  });
}

export function describeApplying(session: Session): void {
  const { namespace } = session;
  const serverSide = (...more: string[]): string[] => ['apply', '--server-side', '-f', '-', ...more];
  const applied = async (data: string, ...more: string[]): ReturnType<Session['kubectl']['run']> =>
    session.kubectl.run(serverSide(...more), { input: configMap(namespace, 'shared', data) });

  it('applies on the server, field by field', async () => {
    assert.equal((await applied('{a: "1", b: "2"}')).stdout, 'configmap/shared serverside-applied\n');
    assert.equal((await applied('{a: "1"}', '--field-manager=kubectl')).code, 0);
    assert.equal(await session.read('configmap', 'shared', '-o', 'jsonpath={.data}'), '{"a":"1"}');
  });
  it('reports a conflict with the manager of the field, until forced', async () => {
    const { kubectl } = session;
    await kubectl.prints('configmap/shared patched\n', 'patch', 'configmap', 'shared', '-n', namespace, '--field-manager=other', '-p', '{"data":{"a":"theirs"}}');
    const refused = await applied('{a: "mine"}');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error: Apply failed with 1 conflict: conflict with "other" using v1: \.data\.a$/mu);
    assert.equal((await applied('{a: "mine"}', '--force-conflicts')).code, 0);
    assert.equal(await session.read('configmap', 'shared', '-o', 'jsonpath={.data.a}'), 'mine');
  });
  it('lets two managers share an object and takes only its own fields away', async () => {
    assert.equal((await applied('{b: "2"}', '--field-manager=second')).code, 0);
    assert.equal((await applied('{}', '--field-manager=second')).code, 0);
    assert.equal(await session.read('configmap', 'shared', '-o', 'jsonpath={.data}'), '{"a":"mine"}');
    const managers = await session.read('configmap', 'shared', '--show-managed-fields', '-o', 'jsonpath={.metadata.managedFields[*].manager}');
    assert.match(managers, /\bkubectl\b/u);
  });
  it('takes over what was applied by the client', async () => {
    const { kubectl } = session;
    await kubectl.apply(idleDeployment(namespace, 'taken'));
    const { code, stderr } = await kubectl.run(serverSide(), { input: idleDeployment(namespace, 'taken') });
    assert.equal(code, 0, stderr);
  });
  it('refuses a replace of a version that has passed', async () => {
    const { kubectl } = session;
    const old = await session.read('configmap', 'shared', '-o', 'yaml');
    await kubectl.prints(/patched/u, 'patch', 'configmap', 'shared', '-n', namespace, '-p', '{"data":{"c":"3"}}');
    await kubectl.fails(/^Error from server \(Conflict\): .*the object has been modified; please apply your changes to the latest version and try again$/mu, 'replace', '-f', session.write('old.yaml', old));
  });
}

export function describeDeleting(session: Session): void {
  const { namespace } = session;
  const names = (kind: string, app: string): Promise<string> => session.read(kind, '-l', `app=${app}`, '-o', 'name');

  itWithPods(session, 'leaves what a deployment owned where it is orphaned', async () => {
    const { kubectl } = session;
    await kubectl.apply(idleDeployment(namespace, 'orphaned'));
    await kubectl.prints(/(?:)/u, 'wait', 'deploy/orphaned', '-n', namespace, '--for=jsonpath={.status.observedGeneration}=1', '--timeout=60s');
    await kubectl.prints(/deleted/u, 'delete', 'deploy', 'orphaned', '-n', namespace, '--cascade=orphan');
    assert.match(await names('rs', 'orphaned'), /^replicaset\.apps\/orphaned-/u);
    await kubectl.prints(/deleted/u, 'delete', 'rs', '-l', 'app=orphaned', '-n', namespace);
  });
  itWithPods(session, 'waits for the pods where the deletion runs in the foreground', async () => {
    const { kubectl } = session;
    await kubectl.apply(workload(namespace, 'front'));
    await kubectl.prints(/rolled out/u, 'rollout', 'status', 'deploy/front', '-n', namespace, '--timeout=90s');
    await kubectl.prints(/deleted/u, 'delete', 'deploy', 'front', '-n', namespace, '--cascade=foreground');
    assert.equal(await names('rs,pods', 'front'), '');
  });
  it('waits for a finalizer', async () => {
    const { kubectl } = session;
    await kubectl.apply(configMap(namespace, 'held', '{}').replace('name: held,', 'name: held, finalizers: [checks.example.com/hold],'));
    await kubectl.prints(/deleted/u, 'delete', 'configmap', 'held', '-n', namespace, '--wait=false');
    assert.match(await session.read('configmap', 'held', '-o', 'jsonpath={.metadata.deletionTimestamp}'), /^\d{4}-/u);
    await kubectl.prints(/patched/u, 'patch', 'configmap', 'held', '-n', namespace, '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    await kubectl.fails(/NotFound/u, 'get', 'configmap', 'held', '-n', namespace);
  });
  itWithPods(session, 'evicts a pod only where its budget allows it', async () => {
    const { kubectl } = session;
    await kubectl.apply(budget(namespace, 'strict', 'web', 1));
    const eviction = session.write('eviction.json', JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: session.pod, namespace } }));
    const evict = ['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${session.pod}/eviction`, '-f', eviction];
    await kubectl.fails(/Cannot evict pod as it would violate the pod's disruption budget\./u, ...evict);
    await kubectl.prints(/deleted/u, 'delete', 'pdb', 'strict', '-n', namespace);
  });
}

export function describePermissions(session: Session): void {
  const { namespace } = session;
  const user = '--as=checks-user';

  it('says who may do what, by the roles that are bound', async () => {
    const { kubectl } = session;
    await kubectl.prints('yes\n', 'auth', 'can-i', 'create', 'pods/portforward', '-n', namespace);
    const can = ['auth', 'can-i', 'list', 'pods', '-n', namespace, user];
    assert.deepEqual([(await kubectl.run(can)).stdout, (await kubectl.run(can)).code], ['no\n', 1]);
    await kubectl.prints('rolebinding.rbac.authorization.k8s.io/checks created\n', 'create', 'rolebinding', 'checks', '--clusterrole=view', '--user=checks-user', '-n', namespace);
    await kubectl.prints('yes\n', ...can);
    await kubectl.prints(/deployment\.apps\/web/u, 'get', 'deploy', '-n', namespace, '-o', 'name', user);
  });
  it('refuses what no role grants, in the words of RBAC', async () => {
    const { kubectl } = session;
    const start = 'Error from server \\(Forbidden\\): ';
    await kubectl.fails(new RegExp(`^${start}secrets is forbidden: User "checks-user" cannot list resource "secrets" in API group "" in the namespace "${namespace}"$`, 'mu'), 'get', 'secrets', '-n', namespace, user);
    await kubectl.fails(new RegExp(`deployments\\.apps "web" is forbidden: User "checks-user" cannot patch resource "deployments" in API group "apps" in the namespace "${namespace}"$`, 'mu'), 'rollout', 'restart', 'deploy/web', '-n', namespace, user);
    await kubectl.fails(new RegExp(`^${start}nodes is forbidden: User "checks-user" cannot list resource "nodes" in API group "" at the cluster scope$`, 'mu'), 'get', 'nodes', user);
  });
  it('lists what a user may do', () =>
    session.kubectl.prints(/^selfsubjectaccessreviews\.authorization\.k8s\.io +\[\] +\[\] +\[create\]$/mu, 'auth', 'can-i', '--list', '-n', namespace, user).then(() => undefined));
}
