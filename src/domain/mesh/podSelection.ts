// How pods are chosen: by a webhook's selector, by a Service's, and how a pod refuses a sidecar.
import { assertNever } from '../../shared/assertNever.js';
import { POD_INJECT_LABEL } from '../../shared/istioNames.js';
import type { Labels, Selector, SelectorRequirement } from './facts.js';

export function matchesSelector(labels: Labels, selector: Selector): boolean {
  return selector.every((requirement) => meets(labels[requirement.key], requirement));
}

/** A Service without a selector chooses no pods (Kubernetes, Services without selectors). */
export function serviceSelects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
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
