// The four CA files as a root switch: they pass only when they lead to the root under which everything lives now.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { NodeCaFiles } from '../../../../src/adapters/files/nodeCaFiles.js';
import { createNodeCertificateReader } from '../../../../src/adapters/nodeCertificateReader.js';
import { checkCaFiles } from '../../../../src/app/plan/checkCaFiles.js';
import type { ClusterGateFacts, ProxyFacts, ProxyStanding } from '../../../../src/domain/gates/gateFacts.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { message } from '../../../../src/shared/text/message.js';
import type { CaFiles } from '../../../support/opensslFiles.js';
import { makeCaFiles } from '../../../support/opensslFiles.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const certificates = createNodeCertificateReader();

function cluster(standings: readonly ProxyStanding[], more: Partial<ClusterGateFacts> = {}): ClusterGateFacts {
  const proxies = standings.map((standing, index): ProxyFacts => ({
    namespace: 'foo',
    workload: `Deployment/app-${index}`,
    pods: [`app-${index}-a`, `app-${index}-b`],
    role: 'sidecar',
    revision: 'default',
    standing,
    waived: false,
  }));
  const caSecrets = [{ name: 'cacerts' as const, present: false, backedUp: false }];
  return { unread: [], proxies, caSecrets, ...more } as unknown as ClusterGateFacts;
}

function signedUnder(issuer: string, anchors: readonly string[] = [issuer]): ProxyStanding {
  return { kind: 'read', issuer, anchors, domain: 'cluster.local', inbound: 'any', outbound: 'any', expired: false };
}

describe('checking the CA files', function () {
  // openssl makes RSA keys, which takes its time on a busy machine.
  this.timeout(60_000);
  const inside = temporaryFolder();
  let rsa: CaFiles;
  let ec: CaFiles;
  let other: CaFiles;

  before(() => {
    for (const name of ['rsa', 'ec', 'other', 'mixed']) fs.mkdirSync(inside(name));
    rsa = makeCaFiles(inside('rsa'));
    ec = makeCaFiles(inside('ec'), 'ec');
    other = makeCaFiles(inside('other'));
  });

  const rootOf = (files: CaFiles): string => {
    const read = certificates.read(fs.readFileSync(files.rootCert, 'utf8'));
    if (!read.ok) throw new Error(read.failure.kind);
    return read.value[0]?.fingerprint ?? '';
  };
  const check = async (files: CaFiles, live: ClusterGateFacts | undefined, now = Date.now()): Promise<readonly string[]> => {
    const world = { reader: new NodeCaFiles(certificates), certificates, now };
    const findings = await checkCaFiles(files, live, world);
    return findings.map(({ file, problem, unknown }) => `${file}${unknown ? '?' : ''}: ${textRenderer('en')(problem).replaceAll(inside(), '')}`);
  };

  it('passes files that lead to the root of everything that lives, whatever is not loaded yet', async () => {
    const live = cluster([signedUnder(rootOf(rsa)), { kind: 'followsInjector' }, { kind: 'notLoaded' }, { kind: 'ownCertificates' }]);
    assert.deepEqual(await check(rsa, live), []);
  });

  it('refuses a root that is not that of every live certificate, with the same subject or not', async () => {
    const live = cluster([signedUnder(rootOf(other), [rootOf(rsa), rootOf(other)]), signedUnder(rootOf(rsa))]);
    assert.deepEqual(await check(rsa, live), [
      'rootCert: 2 live certificates are signed under another root, for example that of foo/Deployment/app-0: every istiod that starts with these files would sign under a root that others do not trust',
    ]);
  });

  it('refuses a root that some proxy does not trust', async () => {
    assert.deepEqual(await check(rsa, cluster([signedUnder(rootOf(rsa), ['MESHCA'])])), ['rootCert: 2 proxies do not trust this root, for example foo/Deployment/app-0']);
  });

  it('does not take unknown for good', async () => {
    const notKnown = (unread: number): string[] => [`rootCert?: not everything could be read (${unread} proxies), so it is not known whether all certificates are signed under this root`];
    assert.deepEqual(await check(rsa, undefined), ['rootCert?: the cluster has not been read, so it is not known under which root its certificates are signed']);
    assert.deepEqual(await check(rsa, cluster([signedUnder(rootOf(rsa)), { kind: 'unknown', reason: message('reason.notReadYet') }])), notKnown(1));
    assert.deepEqual(await check(rsa, cluster([])), notKnown(0));
    assert.deepEqual(await check(rsa, cluster([signedUnder(rootOf(rsa))], { unread: [message('reason.unread', { what: 'pods', reason: message('reason.notReadYet') })] })), notKnown(0));
    assert.deepEqual(await check(rsa, cluster([signedUnder(rootOf(rsa))], { caSecrets: [{ name: 'cacerts', present: 'unknown', backedUp: false }] })), notKnown(0));
  });

  it('refuses them when asmcli would: a secret cacerts is there already', async () => {
    const live = cluster([signedUnder(rootOf(rsa))], { caSecrets: [{ name: 'cacerts', present: true, backedUp: false }] });
    assert.deepEqual(await check(rsa, live), ['caCert: the cluster has a secret cacerts already, and asmcli refuses these files then; leave all four out']);
  });

  it('verifies chains of EC keys, and says that asmcli takes RSA only', async () => {
    assert.deepEqual(await check(ec, cluster([signedUnder(rootOf(ec))])), [
      'caKey: the key is of type ec; asmcli takes RSA keys only and would stop. Create the secret cacerts yourself and leave the four files out',
    ]);
  });

  it('refuses a key of another certificate, an encrypted one, and what is none', async () => {
    const live = cluster([signedUnder(rootOf(rsa))]);
    assert.deepEqual(await check({ ...rsa, caKey: other.caKey }, live), ['caKey: the key is not that of ca-cert.pem']);
    execFileSync('openssl', ['pkcs8', '-topk8', '-in', rsa.caKey, '-out', inside('mixed', 'encrypted.pem'), '-passout', 'pass:secret'], { stdio: 'pipe' });
    assert.deepEqual(await check({ ...rsa, caKey: inside('mixed', 'encrypted.pem') }, live), ['caKey: the key is encrypted, and istiod cannot ask for a passphrase']);
    assert.deepEqual(await check({ ...rsa, caKey: rsa.caCert }, live), ['caKey: this is no private key']);
  });

  it('refuses a chain that does not verify to the root, whatever the names say', async () => {
    assert.deepEqual(await check({ ...rsa, rootCert: other.rootCert }, cluster([signedUnder(rootOf(other))])), [
      'certChain: ca-cert.pem and cert-chain.pem do not verify to a certificate of root-cert.pem',
    ]);
  });

  it('refuses several roots, and certificates that are not valid now', async () => {
    const two = inside('mixed', 'root-cert.pem');
    fs.writeFileSync(two, fs.readFileSync(rsa.rootCert, 'utf8') + fs.readFileSync(other.rootCert, 'utf8'));
    assert.deepEqual(await check({ ...rsa, rootCert: two }, cluster([signedUnder(rootOf(rsa))])), ['rootCert: it holds 2 roots; which of them proxies would get is up to the version of istiod. One is needed']);
    const late = await check(rsa, cluster([signedUnder(rootOf(rsa))]), Date.now() + 3660 * 86_400_000);
    assert.deepEqual(late.map((line) => line.replace(/\(.*/, '')), ['caCert: a certificate in it is not valid now ', 'certChain: a certificate in it is not valid now ', 'rootCert: a certificate in it is not valid now ']);
  });

  it('says which file cannot be read, and never what a key holds', async () => {
    assert.match((await check({ ...rsa, certChain: inside('gone.pem') }, undefined)).join(), /^certChain: .*ENOENT/);
    assert.match((await check({ ...rsa, rootCert: rsa.caKey }, undefined)).join(), /^rootCert: .*no certificate/);
    const reading = await new NodeCaFiles(certificates).read(rsa);
    assert.ok(!JSON.stringify(reading).includes('PRIVATE'));
  });
});
