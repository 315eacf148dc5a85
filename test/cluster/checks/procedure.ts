// Every command line of the migration that is kubectl's, in the namespace of the session, with what it prints and how it exits.
import assert from 'node:assert/strict';
import { autoscaler, budget, idleDeployment, service } from '../support/manifests.js';
import { itWithPods } from '../support/session.js';
import type { Session } from '../support/session.js';

/** Names no revision that any cluster has, so that no webhook answers to the label. */
const OLD = 'checks-old';
const NEW = 'checks-new';

function describeNamespaces(session: Session): void {
  const { namespace } = session;

  it('moves a namespace from injection to a revision, and says so once', async () => {
    const { kubectl } = session;
    const label = ['label', 'namespace', namespace, `istio.io/rev=${NEW}`, 'istio-injection-', '--overwrite'];
    const first = await kubectl.prints(new RegExp(`^namespace/${namespace} labeled$`, 'mu'), ...label);
    assert.match(first.stdout + first.stderr, /label "istio-injection" not found\./u);
    await kubectl.prints(new RegExp(`^namespace/${namespace} not labeled$`, 'mu'), ...label);
  });

  it('shows the revision of a namespace in a column, and its labels', async () => {
    const { kubectl } = session;
    await kubectl.prints(new RegExp(`^NAME +STATUS +AGE +REV\n(.*\n)*${namespace} +Active +\\S+ +${NEW}$`, 'mu'), 'get', 'ns', '-L', 'istio.io/rev');
    const line = new RegExp(`^${namespace} +Active +\\S+ +istio\\.io/rev=${NEW},kubernetes\\.io/metadata\\.name=${namespace}$`, 'mu');
    await kubectl.prints(line, 'get', 'ns', namespace, '--show-labels');
  });

  it('takes a namespace back to another revision, and to injection', async () => {
    const { kubectl } = session;
    await kubectl.prints(`namespace/${namespace} labeled\n`, 'label', 'namespace', namespace, `istio.io/rev=${OLD}`, '--overwrite');
    await kubectl.prints(/labeled$/mu, 'label', 'namespace', namespace, 'istio.io/rev-', 'istio-injection=disabled', '--overwrite');
    assert.equal(await session.read('ns', namespace, '-o', 'jsonpath={.metadata.labels.istio-injection}'), 'disabled');
    await kubectl.prints(/^namespace\/\S+ (un)?labeled$/mu, 'label', 'namespace', namespace, 'istio-injection-');
  });

  it('refuses to change a label unless told to overwrite', async () => {
    const { kubectl } = session;
    await kubectl.prints(/labeled/u, 'label', 'ns', namespace, 'checks=1');
    await kubectl.fails(/^error: 'checks' already has a value \(1\), and --overwrite is false$/mu, 'label', 'ns', namespace, 'checks=2');
    await kubectl.prints(/labeled/u, 'label', 'ns', namespace, 'checks-');
  });

  it('remembers in an annotation', async () => {
    const { kubectl } = session;
    await kubectl.prints(/^namespace\/\S+ annotated?$/mu, 'annotate', 'ns', namespace, 'checks/before=istio-injection=enabled');
    assert.equal(await session.read('ns', namespace, '-o', 'jsonpath={.metadata.annotations.checks/before}'), 'istio-injection=enabled');
  });
}

function describeRestarts(session: Session): void {
  const { namespace } = session;

  itWithPods(session, 'restarts every deployment of a namespace and waits for the new pods', async () => {
    const { kubectl } = session;
    const before = await session.read('pods', '-l', 'app=web', '-o', 'name');
    await kubectl.prints(/^deployment\.apps\/web restarted$/mu, 'rollout', 'restart', 'deployment', '-n', namespace);
    await kubectl.prints(/deployment "web" successfully rolled out\n$/u, 'rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=90s');
    const after = await session.read('pods', '-l', 'app=web', '--field-selector=status.phase=Running', '--sort-by=.metadata.creationTimestamp', '-o', 'jsonpath={.items[-1:].metadata.name}');
    assert.ok(!before.includes(after), `${after} is one of the old pods`);
    session.pod = after;
  });

  it('says that there is nothing to restart, and exits with 0', async () => {
    const { kubectl } = session;
    const { stderr } = await kubectl.prints('', 'rollout', 'restart', 'statefulset', '-n', namespace);
    assert.equal(stderr, `No resources found in ${namespace} namespace.\n`);
  });

  itWithPods(session, 'undoes a rollout and shows its history', async () => {
    const { kubectl } = session;
    await kubectl.prints(/^deployment\.apps\/web \n?REVISION +CHANGE-CAUSE$/mu, 'rollout', 'history', 'deployment/web', '-n', namespace);
    await kubectl.prints('deployment.apps/web rolled back\n', 'rollout', 'undo', 'deployment/web', '-n', namespace);
    await kubectl.prints(/successfully rolled out/u, 'rollout', 'status', 'deployment/web', '-n', namespace, '--timeout=90s');
    session.pod = await session.read('pods', '-l', 'app=web', '--sort-by=.metadata.creationTimestamp', '-o', 'jsonpath={.items[-1:].metadata.name}');
  });

  itWithPods(session, 'shows pods with the label of their revision', () =>
    session.kubectl.prints(/^NAME +READY +STATUS +RESTARTS +AGE +REV\nweb-\S+ +1\/1 +Running +0 /u, 'get', 'pod', '-n', namespace, '-L', 'istio.io/rev', '-l', 'app=web').then(() => undefined));
}

function describeControlPlanes(session: Session): void {
  const { namespace } = session;
  const deleteAll = (name: string): string[] => ['delete', 'Service,Deployment,HorizontalPodAutoscaler,PodDisruptionBudget', name, '-n', namespace, '--ignore-not-found=true'];

  it('applies the service of the webhook: created, unchanged, configured', async () => {
    const { kubectl } = session;
    const file = session.write('istiod-service.yaml', service(namespace, 'istiod'));
    await kubectl.prints('service/istiod created\n', 'apply', '-f', file);
    await kubectl.prints('service/istiod unchanged\n', 'apply', '-f', file);
    session.write('istiod-service.yaml', service(namespace, 'istiod', 'port: 15012, targetPort: 15013'));
    await kubectl.prints('service/istiod configured\n', 'apply', '-f', file);
    assert.equal(await session.read('svc', 'istiod', '-o', 'jsonpath={.spec.ports[0].targetPort}'), '15013');
  });

  it('deletes a control plane of four kinds by one name, and nothing the second time', async () => {
    const { kubectl } = session;
    const parts = [idleDeployment(namespace, `istiod-${OLD}`), service(namespace, `istiod-${OLD}`), autoscaler(namespace, `istiod-${OLD}`, `istiod-${OLD}`), budget(namespace, `istiod-${OLD}`, 'istiod', 1)];
    await kubectl.apply(parts.join('---\n'));
    const { stdout } = await kubectl.prints(/^service "istiod-checks-old" deleted/u, ...deleteAll(`istiod-${OLD}`));
    const kinds = stdout.trim().split('\n').map((line) => line.split(' ')[0]);
    assert.deepEqual(kinds, ['service', 'deployment.apps', 'horizontalpodautoscaler.autoscaling', 'poddisruptionbudget.policy']);
    await kubectl.prints('', ...deleteAll(`istiod-${OLD}`));
  });

  it('deletes gateways by two labels, there or not', async () => {
    const { kubectl } = session;
    await kubectl.apply(idleDeployment(namespace, 'gateway', { 'istio.io/rev': OLD }));
    const args = ['delete', 'deploy', '-l', `app=gateway,istio.io/rev=${OLD}`, '-n', namespace, '--ignore-not-found=true'];
    await kubectl.prints(/^deployment\.apps "gateway" deleted/u, ...args);
    await kubectl.prints('No resources found\n', ...args);
    await kubectl.fails('Error from server (NotFound): deployments.apps "gateway" not found\n', 'delete', 'deploy/gateway', '-n', namespace);
  });

  it('deletes an installation record, and fails where there is none', async () => {
    const { kubectl } = session;
    const { stdout } = await kubectl.run(['api-resources', '--api-group=install.istio.io', '-o', 'name']);
    if (!stdout.includes('istiooperators')) {
      await kubectl.fails('error: the server doesn\'t have a resource type "IstioOperator"\n', 'delete', 'IstioOperator', 'installed-state', '-n', namespace);
      return;
    }
    await kubectl.apply(`{apiVersion: install.istio.io/v1alpha1, kind: IstioOperator, metadata: {name: installed-state, namespace: ${namespace}}, spec: {revision: ${OLD}}}`);
    const args = ['delete', 'IstioOperator', 'installed-state', '-n', namespace];
    await kubectl.prints(/^istiooperator\.install\.istio\.io "installed-state" deleted/u, ...args);
    await kubectl.fails('Error from server (NotFound): istiooperators.install.istio.io "installed-state" not found\n', ...args);
    await kubectl.prints('', ...args, '--ignore-not-found');
  });
}

function describeSecrets(session: Session): void {
  const { namespace } = session;

  it('backs up a CA secret as YAML, deletes it beside one that is not there, and restores it', async () => {
    const { kubectl } = session;
    await kubectl.prints('secret/cacerts created\n', 'create', 'secret', 'generic', 'cacerts', '-n', namespace, '--from-literal=root-cert.pem=root');
    const { stdout } = await kubectl.prints(/^ {2}root-cert\.pem: cm9vdA==$/mu, 'get', 'secret/cacerts', '-n', namespace, '-o', 'yaml');
    const deleted = await kubectl.prints(/^secret "cacerts" deleted/u, 'delete', 'secret', 'cacerts', 'istio-ca-secret', '-n', namespace, '--ignore-not-found');
    assert.equal(deleted.stdout.trim().split('\n').length, 1);
    const backup = stdout.split('\n').filter((line) => !/^ {2}(uid|resourceVersion|creationTimestamp):/u.test(line)).join('\n');
    await kubectl.prints(/^secret\/cacerts (created|replaced)$/mu, 'create', '-f', session.write('cacerts.yaml', backup));
    await kubectl.prints('secret/cacerts replaced\n', 'replace', '-f', session.write('cacerts.yaml', backup.replace('cm9vdA==', 'bmV3')));
    assert.equal(await session.read('secret', 'cacerts', '-o', 'jsonpath={.data.root-cert\\.pem}'), 'bmV3');
  });

  it('does not replace what was made anew by a backup that still carries its identity', async () => {
    const { kubectl } = session;
    const { stdout } = await kubectl.prints(/kind: Secret/u, 'get', 'secret/cacerts', '-n', namespace, '-o', 'yaml');
    await kubectl.prints(/deleted/u, 'delete', 'secret', 'cacerts', '-n', namespace);
    const file = session.write('identity.yaml', stdout);
    await kubectl.fails(/\(NotFound\).*secrets "cacerts" not found/u, 'replace', '-f', file);
    await kubectl.prints('secret/cacerts created\n', 'create', '-f', file);
    await kubectl.fails(/^Error from server \(Conflict\): /mu, 'replace', '-f', file);
  });
}

export function describeProcedure(session: Session): void {
  describe('carries out the procedure:', () => {
    describeNamespaces(session);
    describeRestarts(session);
    describeControlPlanes(session);
    describeSecrets(session);
  });
}
