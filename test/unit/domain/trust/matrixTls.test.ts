// The matrix against real TLS: two endpoints of every pair of classes complete a mutual handshake, or do not, as it says. Beside the
// chain each side verifies whose identity it was shown, as Envoy's matchers of subject alternative names do.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import type { Authentication } from '../../../../src/domain/trust/authentication.js';
import { authenticate } from '../../../../src/domain/trust/authentication.js';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import { judgeProxy } from '../../../../src/domain/trust/judgeProxy.js';
import type { DomainRules } from '../../../../src/domain/trust/domainRules.js';
import type { TrustClass } from '../../../../src/domain/trust/trustClasses.js';
import { classifyProxies } from '../../../../src/domain/trust/trustClasses.js';
import type { CertificateAuthority } from '../../../../src/rehearsal/pki/certificateAuthority.js';
import { createPluggedInAuthority, createRehearsalMeshCa, createSelfSignedAuthority, issueWorkloadChain, signerOf } from '../../../../src/rehearsal/pki/certificateAuthority.js';
import { generateEcKey } from '../../../../src/rehearsal/pki/keySource.js';
import { succeed } from '../../../../src/shared/failure.js';
import { chainEntry, flatAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { makeRoot } from '../../../support/madeCertificates.js';
import { reader } from '../../../support/trustCertificates.js';
import { accepting } from '../../../support/trustPositions.js';

/** What an Envoy would hold. */
interface Endpoint {
  readonly name: string;
  readonly chain: string;
  readonly key: string;
  readonly roots: string;
  readonly domains: DomainRules;
}

interface Identity {
  readonly domain: string;
  readonly accepts: DomainRules;
}

const TODAY = new Date();
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const longAgo = (years: number): Date => new Date(TODAY.getTime() - years * YEAR_MS);

const ONE = createSelfSignedAuthority('cluster.local', TODAY, generateEcKey);
const TWO = createSelfSignedAuthority('cluster.local', TODAY, generateEcKey);
const MESH = createRehearsalMeshCa(TODAY, generateEcKey);
const PAST = createSelfSignedAuthority('cluster.local', longAgo(11), generateEcKey);
/** Its intermediate ends after two years, its root after ten. */
const STALE = createPluggedInAuthority('Example Corp', longAgo(3), generateEcKey);

/** Of Citadel and of the fleet, as in the middle of the migration. */
const [OLD, FLEET] = ['cluster.local', 'fleet.svc.id.goog'];
const OLD_ALONE: Identity = { domain: OLD, accepts: accepting(OLD) };

function endpoint(name: string, signer: CertificateAuthority, trusted: readonly CertificateAuthority[], issuedAt = TODAY, { domain, accepts } = OLD_ALONE): Endpoint {
  const { publicKey, privateKey } = generateEcKey();
  const chain = issueWorkloadChain(signerOf(signer), `spiffe://${domain}/ns/foo/sa/x`, publicKey, issuedAt);
  const key = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  return { name, chain, key, roots: trusted.map(({ rootPem }) => rootPem).join(''), domains: accepts };
}

/** The same CA under a new certificate of its key, as istiod renews its own root. */
function renewed(authority: CertificateAuthority): CertificateAuthority {
  const { publicKey, privateKey } = signerOf(authority);
  const rootPem = makeRoot({ key: { publicKey, privateKey } });
  return { ...authority, certificatePem: rootPem, rootPem };
}

const ONE_RENEWED = renewed(ONE);
const PAST_RENEWED = renewed(PAST);

const SCENE: readonly Endpoint[] = [
  endpoint('Istio CA of cluster one', ONE, [ONE]),
  endpoint('Istio CA of cluster two, same subject', TWO, [TWO]),
  endpoint('cluster one with both roots', ONE, [ONE, MESH]),
  endpoint('Mesh CA, trusting all', MESH, [TWO, MESH, ONE]),
  endpoint('Mesh CA alone', MESH, [MESH]),
  endpoint('signed by one, trusting two', ONE, [TWO]),
  endpoint('expired leaf', ONE, [ONE, TWO, MESH], longAgo(1)),
  endpoint('expired root', PAST, [PAST, ONE]),
  endpoint('expired intermediate', STALE, [STALE, ONE, MESH]),
  endpoint('trusting the expired ones', ONE, [ONE, PAST, STALE]),
  endpoint('signed under the first root of one, trusting the renewed one', ONE, [ONE_RENEWED]),
  endpoint('signed under the renewed root of one, trusting both', ONE_RENEWED, [ONE_RENEWED, ONE]),
  endpoint('trusting an expired root and its renewal', ONE, [PAST, PAST_RENEWED, ONE]),
  endpoint('cluster one, accepting the fleet too', ONE, [ONE, MESH], TODAY, { domain: OLD, accepts: accepting(OLD, FLEET) }),
  endpoint('Mesh CA in the fleet, accepting both', MESH, [ONE, MESH], TODAY, { domain: FLEET, accepts: accepting(FLEET, OLD) }),
  endpoint('Mesh CA in the fleet, accepting the fleet alone', MESH, [ONE, MESH], TODAY, { domain: FLEET, accepts: accepting(FLEET) }),
  endpoint('a server for the fleet, a client of the old domain alone', ONE, [ONE, MESH], TODAY, { domain: OLD, accepts: { inbound: [OLD, FLEET], outbound: [OLD] } }),
  endpoint('a server for any domain', ONE, [ONE, MESH], TODAY, { domain: OLD, accepts: { inbound: [OLD], outbound: [OLD], anyInbound: true } }),
];

/** Through the product's own reading of Envoy's answer. */
function classOf({ name, chain, roots, domains }: Endpoint): TrustClass<string> {
  const dump = parseSecretDump(flatAnswer([chainEntry(chain), rootsEntry(roots)]));
  assert.ok(dump.ok);
  const trust = judgeProxy(dump.value, {
    readBundle: (pem) => reader.read(pem),
    readChain: (pem) => reader.read(pem),
    isSignedBy: (certificate, issuer) => reader.isSignedBy(certificate, issuer),
    nameRoot: () => ({ kind: 'other' }),
  });
  const [only] = classifyProxies([{ member: name, trust: succeed(trust), domains }], TODAY.getTime());
  assert.ok(only);
  return only;
}

/** The trust domain of a certificate's one SPIFFE identity, by Node's own reading of it. */
function shownDomain({ subjectaltname = '' }: tls.PeerCertificate): string {
  return /^URI:spiffe:\/\/([^/]+)\//.exec(subjectaltname)?.[1] ?? '';
}

/** Whether both sides verified each other: the server only greets a client that it authenticated and whose identity it accepts. */
async function handshakes(client: Endpoint, server: Endpoint): Promise<boolean> {
  const options = { cert: server.chain, key: server.key, ca: server.roots, requestCert: true, rejectUnauthorized: true };
  const { inbound, anyInbound = false } = server.domains;
  const listener = tls.createServer(options, (socket) => {
    socket.on('error', () => undefined);
    if (anyInbound || inbound.includes(shownDomain(socket.getPeerCertificate()))) socket.end('hello');
    else socket.destroy();
  });
  const checkServerIdentity = (_host: string, shown: tls.PeerCertificate): Error | undefined =>
    client.domains.outbound.includes(shownDomain(shown)) ? undefined : new Error('an identity that it does not accept');
  listener.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const greeted = await new Promise<boolean>((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, cert: client.chain, key: client.key, ca: client.roots, rejectUnauthorized: true, checkServerIdentity });
    const heard = { text: '' };
    socket.on('data', (data: Buffer) => { heard.text += data.toString(); });
    socket.on('error', () => undefined).on('close', () => { resolve(heard.text === 'hello'); });
  });
  listener.close();
  await once(listener, 'close');
  return greeted;
}

describe('the matrix and real TLS', () => {
  it('agree on every pair of a mesh with mixed trust', async function () {
    this.timeout(60_000);
    const classes = SCENE.map(classOf);
    const said: Record<Authentication['kind'], number> = { authenticates: 0, broken: 0, unknown: 0 };
    let brokenByDomainAlone = 0;
    for (const [from, client] of SCENE.entries()) {
      for (const [to, server] of SCENE.entries()) {
        const verdict = authenticate(classes[from]!, classes[to]!, TODAY.getTime());
        said[verdict.kind] += 1;
        if (verdict.kind === 'broken' && verdict.reasons.every(({ kind }) => kind === 'domainNotAccepted')) brokenByDomainAlone += 1;
        assert.equal(await handshakes(client, server), verdict.kind === 'authenticates', `${client.name} to ${server.name}: ${verdict.kind}`);
      }
    }
    // So that a scene in which nothing, or everything, works proves nothing unnoticed.
    assert.ok(said.authenticates >= 10 && said.broken >= 10 && said.unknown === 0 && brokenByDomainAlone >= 10, JSON.stringify({ ...said, brokenByDomainAlone }));
  });
});
