// What a page may bring about by what it says: nothing but what is meant for it, whatever it sends.
import assert from 'node:assert/strict';
import { clusterKey } from '../../../../src/domain/cluster.js';
import { dispatchMessage } from '../../../../src/shared/messaging.js';
import type { SurveyEvidence } from '../../../../src/app/trust/surveyEvidence.js';
import type { NamespaceTarget } from '../../../../src/domain/steps/namespaceTarget.js';
import type { TrustPageParts } from '../../../../src/ui/trust/trustPageHandlers.js';
import { trustPageHandlers } from '../../../../src/ui/trust/trustPageHandlers.js';
import { evidenceOf } from '../../../support/surveyEvidence.js';
import { MIXED_MESH, recordOf } from '../../../support/surveyRecords.js';

const CONTEXT = MIXED_MESH.ref.context;
const KEY = clusterKey(MIXED_MESH.ref);

describe('what the page can bring about', () => {
  let evidence: SurveyEvidence;
  before(async () => {
    evidence = evidenceOf(await recordOf(), [MIXED_MESH]);
  });

  function heard(messages: readonly unknown[], more: Partial<TrustPageParts['control']> = {}, onStep: (target: NamespaceTarget) => void = () => undefined): readonly string[] {
    const did: string[] = [];
    const note = (what: string) => (...details: readonly unknown[]): void => {
      did.push([what, ...details.map((detail) => (detail === undefined ? 'nothing' : JSON.stringify(detail)))].join(' '));
    };
    const noteAsync = (what: string) => (...details: readonly unknown[]): Promise<void> => {
      note(what)(...details);
      return Promise.resolve();
    };
    const handlers = trustPageHandlers({
      control: { cancel: note('cancel'), evidence: () => evidence, saved: () => undefined, ...more },
      files: { exportSurvey: noteAsync('export'), save: noteAsync('save') },
      views: { look: note('look'), suppose: note('suppose'), openPair: note('pair'), explain: note('explain') },
      chooseClusters: note('choose'),
      resolve: (action, target) => {
        did.push(['resolve', action, target.cluster.context, target.namespace, target.workload].join(' ').trimEnd());
        onStep(target);
      },
      begin: note('begin'),
      survey: () => void did.push('survey'),
      widen: () => void did.push('widen'),
      openFile: noteAsync('openFile'),
      copy: note('copy'),
      onFileError: note('error'),
    });
    for (const message of messages) dispatchMessage(handlers, message);
    return did;
  }

  it('begins when it is ready, with the view that it remembers', () => {
    assert.deepEqual(heard([{ type: 'ready', payload: { view: 'matrix' } }]), ['begin', 'look "matrix"']);
    assert.deepEqual(heard([{ type: 'look', payload: { view: 'no such view' } }]), ['look "overview"']);
  });

  it('is a step on the namespace in the cluster where the proxy was read', () => {
    const resolve = (action: string, key = KEY, namespace = 'foo'): unknown => ({ type: 'resolve', payload: { action, clusterKey: key, namespace } });
    assert.deepEqual(heard([resolve('restart'), resolve('migrate')]), [`resolve restart ${CONTEXT} foo`, `resolve migrate ${CONTEXT} foo`]);
    assert.deepEqual(heard([resolve('survey')]), ['survey']);
    assert.deepEqual(heard([resolve('deleteEverything'), resolve('restart', `${CONTEXT}@another`), resolve('restart', KEY, 'kube-system')]), []);
  });

  it('is a step on the cluster that is meant where two kubeconfigs have a context of one name', () => {
    const twin = { kubeconfig: '/another/config', context: CONTEXT };
    const twins = [...evidence.readings].map(([id, reading]) => [`${id} twin`, { ...reading, target: { ...reading.target, cluster: twin } }] as const);
    const both = { ...evidence, readings: new Map([...evidence.readings, ...twins]) };
    const kubeconfigs: string[] = [];
    const resolve = (key: string): unknown => ({ type: 'resolve', payload: { action: 'restart', clusterKey: key, namespace: 'foo' } });
    heard([resolve(KEY), resolve(clusterKey(twin))], { evidence: () => both }, ({ cluster }) => void kubeconfigs.push(cluster.kubeconfig));
    assert.deepEqual(kubeconfigs, [MIXED_MESH.ref.kubeconfig, twin.kubeconfig]);
  });

  it('is a step on a gateway by its workload, where a proxy of such a workload was read', () => {
    const [reading] = [...evidence.readings.values()].filter(({ target }) => target.pod.namespace === 'foo');
    assert.ok(reading);
    const { target } = reading;
    const gateway = { ...reading, target: { ...target, pod: { ...target.pod, owner: { kind: 'Deployment', name: 'ingress' } } } };
    const withGateway = { evidence: () => ({ ...evidence, readings: new Map([...evidence.readings, ['gateway', gateway] as const]) }) };
    const resolve = (workload: unknown): unknown => ({ type: 'resolve', payload: { action: 'upgradeGateway', clusterKey: KEY, namespace: 'foo', workload } });
    assert.deepEqual(heard([resolve('ingress'), resolve('another'), resolve(undefined), resolve({})], withGateway), [
      `resolve upgradeGateway ${CONTEXT} foo ingress`,
      ...Array<string>(3).fill(`resolve upgradeGateway ${CONTEXT} foo`),
    ]);
  });

  it('is no step for a survey from a file', () => {
    const saved = { saved: () => ({ file: 'x', surveyedAt: 0 }) };
    assert.deepEqual(heard([{ type: 'resolve', payload: { action: 'restart', clusterKey: KEY, namespace: 'foo' } }], saved), []);
  });

  it('is an export in a known form, a file, a copy of text', () => {
    assert.deepEqual(heard([{ type: 'export', payload: { format: 'csv' } }, { type: 'export', payload: { format: 'exe' } }]), ['export "csv"']);
    assert.deepEqual(heard([{ type: 'save', payload: {} }, { type: 'openFile', payload: {} }]), ['save', 'openFile']);
    assert.deepEqual(heard([{ type: 'copy', payload: { text: 'a' } }, { type: 'copy', payload: { text: 5 } }]), ['copy "a"']);
  });

  it('is a cell by whole numbers and a proxy by a text, and nothing by anything else', () => {
    const cell = { row: 0, column: 1, rowOffset: 0, columnOffset: 20 };
    assert.deepEqual(heard([{ type: 'openPair', payload: cell }, { type: 'openPair', payload: { ...cell, row: 'a' } }]), [`pair ${JSON.stringify(cell)}`]);
    assert.deepEqual(heard([{ type: 'explain', payload: { id: 'a' } }, { type: 'explain', payload: { id: {} } }]), ['explain "a"']);
    assert.deepEqual(heard([{ type: 'suppose', payload: { hypothesis: 5 } }, { type: 'unheardOf', payload: {} }, 'text', undefined]), ['suppose nothing']);
  });
});
