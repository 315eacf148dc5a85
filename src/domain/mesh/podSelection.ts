// The two rules that every forecast of injection rests on: how a webhook's selector matches, and how a pod refuses.
import { assertNever } from '../../shared/assertNever.js';
import { POD_INJECT_LABEL } from '../../shared/istioNames.js';
import type { Labels, Selector, SelectorRequirement } from './facts.js';

export function matchesSelector(labels: Labels, selector: Selector): boolean {
  return selector.every((requirement) => meets(labels[requirement.key], requirement));
}

function meets(value: string | undefined, { operator, values }: SelectorRequirement): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return assertNever(operator);
  }
}

/** Whether a pod with these labels and annotations refuses a sidecar itself; the annotation is the older form. */
export function refusesInjection(labels: Labels, annotations: Labels): boolean {
  return (labels[POD_INJECT_LABEL] ?? annotations[POD_INJECT_LABEL]) === 'false';
}
