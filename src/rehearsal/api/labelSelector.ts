// Label selectors as `kubectl -l` writes them: `a=b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, joined by commas.
import type { KubeObject } from '../kubeObject.js';
import { badRequest } from './apiError.js';

/** True when an object is selected. */
export type Match = (object: KubeObject) => boolean;
type Requirement = (labels: Readonly<Record<string, string>>) => boolean;

const KEY = String.raw`([A-Za-z0-9][A-Za-z0-9._/-]*)`;
const SET = new RegExp(String.raw`^${KEY}\s+(in|notin)\s*\(([^()]*)\)$`, 'u');
const NOT_EQUAL = new RegExp(String.raw`^${KEY}\s*!=\s*([A-Za-z0-9._-]*)$`, 'u');
const EQUAL = new RegExp(String.raw`^${KEY}\s*==?\s*([A-Za-z0-9._-]*)$`, 'u');
const EXISTS = new RegExp(`^${KEY}$`, 'u');
const MISSING = new RegExp(String.raw`^!\s*${KEY}$`, 'u');

/** Commas between brackets separate values, not requirements. */
function splitRequirements(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/u)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseRequirement(text: string): Requirement {
  const [, setKey = '', operator, values = ''] = SET.exec(text) ?? [];
  if (operator !== undefined) {
    const wanted = values.split(',').map((value) => value.trim());
    const isIn: Requirement = (labels) => wanted.includes(labels[setKey] ?? '') && labels[setKey] !== undefined;
    return operator === 'in' ? isIn : (labels) => !isIn(labels);
  }
  const [, differentKey, different] = NOT_EQUAL.exec(text) ?? [];
  if (differentKey !== undefined) return (labels) => labels[differentKey] !== different;
  const [, equalKey, equal] = EQUAL.exec(text) ?? [];
  if (equalKey !== undefined) return (labels) => labels[equalKey] === equal;
  const [, present] = EXISTS.exec(text) ?? [];
  if (present !== undefined) return (labels) => labels[present] !== undefined;
  const [, absent] = MISSING.exec(text) ?? [];
  if (absent !== undefined) return (labels) => labels[absent] === undefined;
  throw badRequest(`unable to parse requirement: found '${text}'`);
}

/** An empty selector selects everything; one that cannot be read is the client's error (400). */
export function parseLabelSelector(selector: string | null): Match {
  const requirements = splitRequirements(selector ?? '').map(parseRequirement);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return requirements.every((requirement) => requirement(labels));
  };
}

/** Writes `matchLabels` and `matchExpressions` the way tables and the scale subresource show them. */
export function formatLabelSelector(labels: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  return parts.sort((left, right) => (left < right ? -1 : 1)).join(',');
}
