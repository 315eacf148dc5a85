// Which revision serves what names none: namespaces with `istio-injection=enabled` and pods that only ask for a sidecar.
import { INJECTION_LABEL } from '../../shared/istioNames.js';
import type { InjectionRules } from '../mesh/revisions.js';

/** Undefined where no webhook answers to the old label. */
export function defaultRevision({ rules }: InjectionRules): string | undefined {
  return rules.find(({ injector }) =>
    injector.webhooks.some(({ namespaceSelector }) =>
      namespaceSelector.some(({ key, operator, values }) => key === INJECTION_LABEL && operator === 'In' && values.includes('enabled')),
    ),
  )?.revision;
}
