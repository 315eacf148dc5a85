// What a restart of a namespace would bring about, workload by workload, as its preview says it.
import { message } from '../../shared/text/message.js';
import type { StepFinding } from './procedureStep.js';
import { blocks, notes, warns } from './stepDraft.js';
import type { WorkloadForecast } from './workloadForecast.js';

/** One line a workload. A pod that would not come back, or would come back without its proxy, keeps the restart from running. */
export function forecastFindings(forecasts: readonly WorkloadForecast[]): readonly StepFinding[] {
  return forecasts.filter(({ workload }) => !workload.startsWith('Namespace/')).map(findingOf);
}

function findingOf({ workload, outcome, asked, pinnedForeignImage }: WorkloadForecast): StepFinding {
  if (pinnedForeignImage !== undefined) return blocks(message('procedureChecks.forecast.foreignImage', { workload, image: pinnedForeignImage }));
  switch (outcome.kind) {
    case 'injected':
      return notes(
        message(asked ? 'procedureChecks.forecast.injected' : 'procedureChecks.forecast.selected', {
          workload,
          revision: outcome.revision ?? '?',
          image: outcome.proxyImage ?? '?',
          ca: outcome.caAddress ?? 'istiod',
        }),
      );
    case 'withoutSidecar':
      return blocks(message('procedureChecks.forecast.withoutSidecar', { workload }));
    case 'refused':
      return blocks(message('procedureChecks.forecast.refused', { workload, reason: outcome.reason }));
    case 'unknown':
      return warns(message('procedureChecks.forecast.unknown', { workload, reason: outcome.reason }));
  }
}
