// Reading a plan file: what a good one means, and each mistake with its exact place and sentence.
import assert from 'node:assert/strict';
import { changed, PLAN_TEXT, problemsOf, readText } from '../../../support/planText.js';

/** A mistake: what is changed in the good plan, and what is said of it. */
type Mistake = readonly [from: string, to: string, ...problems: readonly string[]];

const SCALARS: readonly Mistake[] = [
  ['"version": 1', '"version": 2', 'error: 2 | only version 1 is known; a later one needs a newer extension'],
  ['"istio"', '"anthos"', 'error: "anthos" | anthos is none of: istio, asm'],
  ['"fleet-project"', '"123456789012"', 'error: "123456789012" | 123456789012 is not a project id: 6 to 30 lower-case letters, digits and hyphens, beginning with a letter. The number or the display name of a project will not do'],
  ['"fleet-project"', '7', 'error: 7 | a text in double quotes belongs here'],
  ['"fleet-project"', '" "', 'error: " " | this must not be empty'],
  ['"waveSize": 2', '"waveSize": 0', 'error: 0 | a whole number of at least 1 belongs here'],
  ['"waveSize": 2', '"waveSize": 1.5', 'error: 1.5 | a whole number of at least 1 belongs here'],
  ['"waveSize": 2', '"waveSize": null', 'error: null | a whole number of at least 1 belongs here'],
  ['"asm-1232-2-distribute-root"', '"default"', 'error: "default" | default is the revision of an installation without one; a canary needs a name of its own'],
  ['"asm-1232-2-distribute-root"', '"1232-asm"', 'error: "1232-asm" | 1232-asm cannot be part of a Service\'s name: lower-case letters, digits and hyphens only, beginning with a letter and ending with a letter or digit. asmcli would fail on it half way through the installation'],
  ['"asm-1232-2-distribute-root"', `"${'a'.repeat(57)}"`, `error: "${'a'.repeat(57)}" | 57 characters; at most 56, because Service istiod-REVISION may have 63`],
  ['"asm-1232-2-meshca-ca-migration"', '"asm-1232-2-distribute-root"', 'error: "asm-1232-2-distribute-root" | the revision that lets Mesh CA sign must not be the one that only distributes its root; for example asm-1232-2-meshca-ca-migration'],
];

const PATHS: readonly Mistake[] = [
  ['"../backups"', '"~/backups"', 'error: "~/backups" | ~/backups: only a shell knows what ~ is, and asmcli would make a folder of that name. Write the path out, or relative to this file'],
  ['"/asm/one"', '"$PWD/one"', 'error: "$PWD/one" | $PWD is not expanded here, and asmcli takes it as it stands. Write the path out, or relative to this file'],
  ['"/asm/one"', '"${HOME}/one"', 'error: "${HOME}/one" | ${HOME} is not expanded here, and asmcli takes it as it stands. Write the path out, or relative to this file'],
  ['"/asm/one"', '"%USERPROFILE%\\\\one"', 'error: "%USERPROFILE%\\\\one" | %USERPROFILE% is not expanded here, and asmcli takes it as it stands. Write the path out, or relative to this file'],
  ['"/asm/one"', '"DIR_PATH"', 'error: "DIR_PATH" | DIR_PATH is the guide\'s placeholder; put your own path here'],
  ['"overlays/a.yaml"', '"a\\tb"', 'error: "a\\tb" | a path holds no control characters'],
  ['"/asm/two"', '"/asm/one/"', 'error: "/asm/one/" | this is the output directory of one too; asmcli overwrites there what the other cluster\'s undo needs'],
];

const CLUSTERS: readonly Mistake[] = [
  ['gke_project-1_us-east1-b_two', 'gke_project-2_us-east1-b_two', 'error: "gke_project-2_us-east1-b_two" | this cluster is in project project-2, the first one in project-1; the migration needs all clusters in one project'],
  ['"gke_project-1_us-central1_one"', '"mine"', 'error: "mine" | mine is not named as gcloud names contexts (gke_PROJECT_LOCATION_CLUSTER), so this cluster needs project, location and name', 'error: "one/foo/Deployment/httpbin" | the plan has no cluster one; it has: mine, two'],
  ['"outputDirectory": "/asm/two"', '"outputDirectory": "/asm/two", "location": "us-east1"', 'error: "us-east1" | the context says that location is us-east1-b'],
  ['"overlays": ["overlays/a.yaml"]', '"overlays": "a.yaml"', 'error: "a.yaml" | a list in brackets belongs here'],
  ['"overlays": ["overlays/a.yaml"]', '"caFiles": "a.pem"', 'error: "a.pem" | an object in braces belongs here'],
  [
    '"overlays": ["overlays/a.yaml"]',
    '"caFiles": { "caCert": "ca/ca-cert.pem", "caKey": "ca/tls.key", "rootCert": "ca/root-cert.pem" }',
    'error: { | certChain is missing',
    'error: "ca/tls.key" | istiod reads this only from a file called ca-key.pem; asmcli keeps the file\'s own name, and with another one istiod quietly signs by itself',
  ],
];

const LISTS: readonly Mistake[] = [
  ['"backupDirectory"', '"asmcliFlags": ["--enable_all"], "backupDirectory"', 'error: "--enable_all" | without the leading dashes'],
  ['"backupDirectory"', '"asmcliFlags": ["managed"], "backupDirectory"', 'error: "managed" | managed is none of: enable_all, enable_cluster_roles, enable_cluster_labels, enable_gcp_apis, enable_gcp_iam_roles, enable_gcp_components, enable_meshconfig_init, enable_namespace_creation, enable_registration'],
  ['"backupDirectory"', '"asmcliFlags": ["enable_registration", "enable_all"], "backupDirectory"', 'warning: "enable_all" | enable_all includes the others'],
  ['["curl", "-fsS", "http://localhost"]', '"curl localhost"', 'error: "curl localhost" | a command is a list of words, as in ["curl", "-fsS", "http://…"]; no shell takes it apart'],
  ['["curl", "-fsS", "http://localhost"]', '[]', 'error: [] | a command needs at least the program'],
  ['"two/foo"', '"three/foo"', 'error: "three/foo" | the plan has no cluster three; it has: one, two'],
  ['"two/foo"', '"two/foo/bar"', 'error: "two/foo/bar" | a test is for * (every namespace), a namespace, or cluster/namespace'],
  ['"two/foo"', '"*"', 'error: "*" | * stands here twice'],
  ['"proxy"', '"everything"', 'error: "everything" | everything cannot be waived; what can: proxy, creatable, membership, vm, grpc, expiry, identity:ID'],
  ['"one/foo/Deployment/httpbin"', '"one/foo/httpbin"', 'error: "one/foo/httpbin" | a subject is cluster, cluster/namespace, or cluster/namespace/Kind/name'],
  ['"one/foo/Deployment/httpbin"', '"foo"', 'error: "foo" | the plan has no cluster foo; it has: one, two'],
  ['"2026-03-31"', '"2026-02-29"', 'error: "2026-02-29" | 2026-02-29 is not a day; write it as 2026-03-31'],
  ['"2026-03-31"', '"31.3.2026"', 'error: "31.3.2026" | 31.3.2026 is not a day; write it as 2026-03-31'],
  ['"2026-03-31"', '"2026-03-30"', 'warning: "2026-03-30" | this waiver ended on 2026-03-30 and no longer counts'],
  ['"reason": "is switched off next week", ', '', 'error: { | reason is missing'],
];

const FORM: readonly Mistake[] = [
  ['"waveSize": 2', '"wavesize": 2', 'error: "wavesize" | there is no field wavesize; did you mean waveSize?'],
  ['"overlays"', '"overlay"', 'error: "overlay" | there is no field overlay; did you mean overlays?'],
  ['"waveSize": 2', '"speed": 2', 'error: "speed" | there is no field speed'],
  ['"waveSize": 2', '"waveSize": 2, "waveSize": 3', 'error: "waveSize" | waveSize stands here twice'],
  ['"version": 1,', '', 'error: { | version is missing'],
  ['"version": 1,', '"version": 1', 'error: "startingPoint" | not valid JSON: a comma is missing'],
];

describe('reading a plan', () => {
  it('makes paths absolute from the file, and names clusters by their contexts', () => {
    const { plan, problems } = readText(PLAN_TEXT);
    assert.deepEqual(problems, []);
    assert.deepEqual(plan, {
      version: 1,
      startingPoint: 'istio',
      fleetProject: 'fleet-project',
      revision1: 'asm-1232-2-distribute-root',
      revision2: 'asm-1232-2-meshca-ca-migration',
      clusters: [
        { ref: { kubeconfig: '/plans/config', context: 'gke_project-1_us-central1_one' }, project: 'project-1', location: 'us-central1', name: 'one', outputDirectory: '/asm/one', overlays: ['/plans/overlays/a.yaml'], caFiles: undefined },
        { ref: { kubeconfig: '/plans/config', context: 'gke_project-1_us-east1-b_two' }, project: 'project-1', location: 'us-east1-b', name: 'two', outputDirectory: '/asm/two', overlays: [], caFiles: undefined },
      ],
      asmcli: undefined,
      asmcliFlags: ['enable_all'],
      waveSize: 2,
      tests: { '*': ['curl', '-fsS', 'http://localhost'], 'two/foo': ['./smoke', ''] },
      waivers: [{ subject: 'one/foo/Deployment/httpbin', what: 'proxy', reason: 'is switched off next week', until: '2026-03-31' }],
      backupDirectory: '/plans/../backups',
    });
  });

  for (const [area, mistakes] of Object.entries({ SCALARS, PATHS, CLUSTERS, LISTS, FORM })) {
    it(`says what is wrong, and where: ${area.toLowerCase()}`, () => {
      for (const [from, to, ...expected] of mistakes) {
        const text = changed(from, to);
        assert.deepEqual(problemsOf(text), expected, to);
        assert.equal(readText(text).plan === undefined, expected.some((line) => line.startsWith('error')), `${to}: a plan with an error is none`);
      }
    });
  }

  it('takes all four CA files under the names that istiod reads', () => {
    const files = { caCert: 'ca/ca-cert.pem', caKey: 'ca/ca-key.pem', rootCert: 'ca/root-cert.pem', certChain: 'ca/cert-chain.pem' };
    const { plan } = readText(changed('"overlays": ["overlays/a.yaml"]', `"caFiles": ${JSON.stringify(files)}`));
    assert.equal(plan?.clusters[0]?.caFiles?.caKey, '/plans/ca/ca-key.pem');
  });

  it('takes a cluster that is not named as gcloud does when it says who it is', () => {
    const { plan } = readText(changed('"gke_project-1_us-central1_one"', '"mine", "project": "project-1", "location": "us-central1", "name": "one"').replace('"one/foo', '"mine/foo'));
    assert.deepEqual([plan?.clusters[0]?.project, plan?.clusters[0]?.name], ['project-1', 'one']);
  });

  it('leaves a waiver that has run out aside, and keeps the plan', () => {
    assert.deepEqual(readText(changed('"2026-03-31"', '"2026-03-30"')).plan?.waivers, []);
  });

  it('waives the membership of a cluster that the plan lacks', () => {
    const text = changed('"one/foo/Deployment/httpbin", "what": "proxy"', '"elsewhere", "what": "membership"');
    assert.deepEqual(readText(text).plan?.waivers.map(({ subject }) => subject), ['elsewhere']);
  });

  it('finds the same cluster written twice', () => {
    const text = changed('gke_project-1_us-east1-b_two', 'gke_project-1_us-central1_one').replace('two/foo', 'one/foo');
    assert.deepEqual(problemsOf(text), ['error: "gke_project-1_us-central1_one" | gke_project-1_us-central1_one stands in the plan twice']);
  });

  it('refuses two clusters of one name in different places, for what is said of one would count for both', () => {
    const text = changed('gke_project-1_us-east1-b_two', 'gke_project-1_us-east1-b_one').replace('two/foo', 'one/foo');
    const [problem, ...others] = problemsOf(text);
    assert.match(problem ?? '', /^error: "gke_project-1_us-east1-b_one" \| gke_project-1_us-central1_one is called one too; .*rename-context/u);
    assert.deepEqual(others, []);
    assert.equal(readText(text).plan, undefined);
  });

  it('refuses what looks like a secret wherever it stands, and does not repeat it', () => {
    const sentence = 'this looks like a secret, and a plan must not hold any: it is committed and shared. Name a file instead, and replace the secret if others could have read it';
    const jwt = ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJzYS0xMjMifQ', 'c2lnbmF0dXJlMTIz'].join('.');
    const secrets = [
      ...['RSA ', 'EC ', '', 'ENCRYPTED '].map((kind) => `-----BEGIN ${kind}PRIVATE KEY-----`),
      ...['RSA ', 'EC ', '', 'ENCRYPTED '].map((kind) => Buffer.from(`-----BEGIN ${kind}PRIVATE KEY-----\nMIIE`).toString('base64')),
      `ya29.${'a'.repeat(40)}`,
      jwt,
    ];
    for (const secret of secrets) {
      for (const text of [changed('"curl"', `"${secret}"`), changed('Both clusters', secret)]) {
        const [problem, ...more] = readText(text).problems;
        assert.deepEqual(more, [], secret);
        assert.ok(problem !== undefined && secret.startsWith(text.slice(problem.offset, problem.offset + problem.length)), secret);
        assert.deepEqual(problemsOf(text).map((line) => line.split(' | ')[1]), [sentence]);
        assert.equal(readText(text).plan, undefined);
        assert.ok(!JSON.stringify(problem.message).includes(secret));
      }
    }
    const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIE').toString('base64');
    assert.deepEqual(problemsOf(changed('Both clusters', `-----BEGIN CERTIFICATE----- ${certificate}`)), []);
  });

  it('says of an empty file, of half a file and of another kind of file what it lacks', () => {
    assert.deepEqual(problemsOf(''), ['error:  | the file is empty; a plan is an object with version, startingPoint, fleetProject, clusters, revision1 and revision2']);
    assert.deepEqual(problemsOf('[]'), ['error: [ | an object in braces belongs here']);
    assert.deepEqual(problemsOf('{ "clusters": [], "version": }').slice(0, 2), ['error: { | startingPoint is missing', 'error: { | fleetProject is missing']);
    for (let length = 0; length < PLAN_TEXT.length; length += 7) {
      if (length < PLAN_TEXT.lastIndexOf('}')) assert.equal(readText(PLAN_TEXT.slice(0, length)).plan, undefined, String(length));
    }
  });
});
