// What every object that is listed for gates and steps is known by.
import type { Labels } from './facts.js';

export interface NamedObject {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Labels;
}
