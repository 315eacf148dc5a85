// Kubernetes label selectors over plain labels: sets of requirements that must all hold.

export interface LabelRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** `metav1.LabelSelector`; an empty one matches everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export type Labels = Readonly<Record<string, string>>;

function holds({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      // A label that is not there is not in the set either (apimachinery, labels.Requirement.Matches).
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** Every entry of a plain map is there: a Service's selector, or `matchLabels`. */
export function hasLabels(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** A selector that is missing matches everything, as in webhooks. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  return (
    hasLabels(selector?.matchLabels ?? {}, labels) &&
    (selector?.matchExpressions ?? []).every((requirement) => holds(requirement, labels))
  );
}
