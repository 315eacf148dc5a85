// A survey for pipelines: what is unknown fails, and nothing that a stranger named breaks the document.
import assert from 'node:assert/strict';
import { exportJunit, exportSarif } from '../../../../src/app/trust/pipelineExport.js';
import { exportScript } from '../../../../src/app/trust/scriptExport.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { recordOf } from '../../../support/surveyRecords.js';
import { certificate } from '../../../support/trustCertificates.js';
import { MIXED_MESH, MIXED_ANSWERS } from '../../../support/surveyRecords.js';
import { pod, snapshot } from '../../../support/trustMesh.js';

const english = textRenderer('en');

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly { readonly logicalLocations: readonly { readonly fullyQualifiedName: string }[] }[];
    }[];
  }[];
}

describe('a survey as JUnit', () => {
  it('has one test case a proxy, in a suite for each namespace, and errors for what could not be read', async () => {
    const xml = exportJunit(await recordOf(), english);
    assert.match(xml, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="mesh-ca survey" tests="4" failures="0" errors="1" skipped="0">\n/);
    assert.match(xml, /<testsuite name="gke_p_z-a_one\/foo" tests="3" failures="0" errors="1" skipped="0" timestamp="2030-01-01T00:00:00.000Z">/);
    assert.match(xml, /<testcase classname="gke_p_z-a_one.foo" name="old-1"\/>/);
    assert.match(xml, /name="refused-1">\n {6}<error message="the proxy cannot be reached: [^"]*"><\/error>/);
    assert.equal(xml.match(/<testcase /g)?.length, 4);
  });

  it('has a failure where a certificate has expired, with what is known of the proxy', async () => {
    const record = { ...(await recordOf()), finishedAt: certificate('citadel-leaf').notAfter };
    assert.match(exportJunit(record, english), /name="old-1">\n {6}<failure message="its certificate has expired">root: CITADEL [0-9A-F:]+ \(Istio CA of one\)&#10;signed by: /);
  });

  it('survives names that are markup, and characters that XML has not', async () => {
    const odd = snapshot('<one> & "two"', [pod('foo', 'a\u0000<b>\u001b')]);
    const xml = exportJunit(await recordOf([odd], {}), english);
    assert.match(xml, /classname="&lt;one&gt; &amp; &quot;two&quot;.foo" name="a&lt;b&gt;"/);
  });
});

describe('a survey as SARIF', () => {
  it('is a run of version 2.1.0 with a result for each proxy that is amiss and none for the others', async () => {
    const { version, runs } = JSON.parse(exportSarif(await recordOf(), english)) as Sarif;
    assert.deepEqual([version, runs.length, runs[0]?.tool.driver.name], ['2.1.0', 1, 'mesh-ca']);
    const [result, ...others] = runs[0]?.results ?? [];
    assert.deepEqual([result?.ruleId, result?.level, others.length], ['proxy-unknown', 'error', 0]);
    assert.equal(result && runs[0]?.tool.driver.rules[result.ruleIndex]?.id, 'proxy-unknown');
    assert.equal(result?.locations[0]?.logicalLocations[0]?.fullyQualifiedName, 'gke_p_z-a_one/foo/refused-1');
    assert.match(result.message.text, /^foo\/refused-1 \(one\): the proxy cannot be reached/);
  });

  it('warns of what is remarkable and notes what is not loaded', async () => {
    const answers = { ...MIXED_ANSWERS, 'refused-1': { ok: true, value: { secrets: [], conflicts: [] } } } as const;
    const record = { ...(await recordOf([MIXED_MESH], answers)), finishedAt: certificate('citadel-leaf').notAfter };
    const { runs } = JSON.parse(exportSarif(record, english)) as Sarif;
    assert.deepEqual(new Set(runs[0]?.results.map(({ ruleId, level }) => `${ruleId} ${level}`)), new Set(['proxy-remarkable warning', 'proxy-not-loaded note']));
  });
});

describe('a survey as migrate_ca prints it', () => {
  it('has both of its checks of certificates, in its own lines', async () => {
    assert.equal(
      finish(exportScript(await recordOf())).join(''),
      '\nChecking the root certificates loaded on each pod...\n' +
        '\nNamespace: bar\n - new-1.bar trusts [CITADEL MESHCA]\n' +
        '\nNamespace: foo\n - both-1.foo trusts [CITADEL MESHCA]\n - old-1.foo trusts [CITADEL]\n - [WARNING] refused-1.foo cannot find certificate information\n' +
        '\nChecking the mTLS certificates loaded on each pod...\n' +
        '\nNamespace: bar\n - new-1.bar is using the mTLS certificate issued by [MESHCA]\n' +
        '\nNamespace: foo\n - both-1.foo is using the mTLS certificate issued by [CITADEL]\n - old-1.foo is using the mTLS certificate issued by [CITADEL]\n' +
        ' - [WARNING] refused-1.foo cannot find certificate information\n',
    );
  });
});
