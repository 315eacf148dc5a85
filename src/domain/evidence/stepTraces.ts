// What steps left behind in a cluster that no gate judges: answers of the user's tests, and the installers' own records.
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { StepTraces } from '../procedure/procedureStep.js';
import type { ClusterEvidence } from './gateInputs.js';
import { readRecords } from './records/clusterRecords.js';

/** What istioctl and asmcli name the object of revision `default`; others add `-REVISION`. */
const INSTALLED_STATE = 'installed-state';

export function stepTraces({ objects }: ClusterSnapshot, evidence: ClusterEvidence | undefined): StepTraces {
  const { istioOperators } = objects;
  return {
    applicationTests: evidence?.records?.ok === true ? lastAnswers(evidence.records.value) : undefined,
    installedStates: istioOperators.state === 'listed' ? istioOperators.items.flatMap(({ name }) => revisionOf(name) ?? []) : undefined,
  };
}

/** A namespace may have been tested on each revision that it was moved to; the last answer counts. */
function lastAnswers(texts: Readonly<Record<string, string>>): NonNullable<StepTraces['applicationTests']> {
  const tests = [...readRecords(texts).tests].sort((one, other) => one.at - other.at);
  const last = new Map(tests.map((test) => [test.namespace, test]));
  return [...last.values()].map(({ namespace, revision, passed }) => ({ namespace, revision, passed }));
}

function revisionOf(name: string): string | undefined {
  if (name === INSTALLED_STATE) return DEFAULT_REVISION;
  return name.startsWith(`${INSTALLED_STATE}-`) ? name.slice(INSTALLED_STATE.length + 1) : undefined;
}
