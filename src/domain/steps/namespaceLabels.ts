// The two labels that decide about injection in a namespace, as one value: reading them, changing them, saying them.
import { INJECTION_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { Labels } from '../mesh/facts.js';

/** What a namespace says about injection. Both together is a mistake: `istio-injection` wins (selectors of Istio's revisioned webhooks). */
export interface InjectionLabels {
  readonly injection: string | undefined;
  /** A revision, or a revision tag. */
  readonly revision: string | undefined;
}

export const NO_LABELS: InjectionLabels = { injection: undefined, revision: undefined };

export function injectionLabelsOf(labels: Labels): InjectionLabels {
  return { injection: labels[INJECTION_LABEL], revision: labels[REVISION_LABEL] };
}

export function sameInjectionLabels(one: InjectionLabels, other: InjectionLabels): boolean {
  return one.injection === other.injection && one.revision === other.revision;
}

/** The namespace's labels as they are once its injection labels are these. */
export function withInjectionLabels(labels: Labels, wanted: InjectionLabels): Labels {
  const others = Object.entries(labels).filter(([key]) => key !== INJECTION_LABEL && key !== REVISION_LABEL);
  return {
    ...Object.fromEntries(others),
    ...(wanted.injection !== undefined && { [INJECTION_LABEL]: wanted.injection }),
    ...(wanted.revision !== undefined && { [REVISION_LABEL]: wanted.revision }),
  };
}

/** The words after `kubectl label namespace NAME` that move a namespace to a revision: the guide's form, whatever was there. */
export function moveWords(revision: string): readonly string[] {
  return [`${REVISION_LABEL}=${revision}`, `${INJECTION_LABEL}-`, '--overwrite'];
}

/**
 * The words that leave exactly the wanted labels of those present; what is not there is not taken away, as in the guide's
 * rollback. None where there is nothing to set or take away, which `kubectl label` would refuse.
 */
export function returnWords(wanted: InjectionLabels, present: InjectionLabels): readonly string[] {
  const words = [
    labelWord(REVISION_LABEL, wanted.revision, present.revision),
    labelWord(INJECTION_LABEL, wanted.injection, present.injection),
  ];
  const said = words.filter((word) => word !== undefined);
  return said.length === 0 ? [] : [...said, '--overwrite'];
}

function labelWord(key: string, wanted: string | undefined, present: string | undefined): string | undefined {
  if (wanted !== undefined) return `${key}=${wanted}`;
  return present === undefined ? undefined : `${key}-`;
}

/** As people write them: `istio.io/rev=REV`, both, or undefined where there is none. */
export function showInjectionLabels({ injection, revision }: InjectionLabels): string | undefined {
  const shown = [
    ...(injection === undefined ? [] : [`${INJECTION_LABEL}=${injection}`]),
    ...(revision === undefined ? [] : [`${REVISION_LABEL}=${revision}`]),
  ];
  return shown.length === 0 ? undefined : shown.join(', ');
}
