// The plan file as it was parsed: values with their places in the text, so that whatever is wrong can be pointed at.
import type { Message } from '../../shared/text/message.js';

/** Where something stands, in UTF-16 units from the start of the text. */
export interface TextPlace {
  readonly offset: number;
  readonly length: number;
}

export interface PlanProperty {
  readonly name: string;
  /** Where the name stands, with its quotes. */
  readonly namePlace: TextPlace;
  /** Undefined where only the name has been typed so far. */
  readonly value: PlanNode | undefined;
}

export type PlanNode = TextPlace &
  (
    | { readonly kind: 'object'; readonly properties: readonly PlanProperty[] }
    | { readonly kind: 'array'; readonly items: readonly PlanNode[] }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean' | 'null' }
  );

/** A text parsed as JSON with comments, as far as it goes. */
export interface PlanDocument {
  readonly text: string;
  readonly root: PlanNode | undefined;
  readonly syntaxErrors: readonly PlanProblem[];
}

/**
 * Something wrong with the plan. `syntax` an editor says by itself; of `shape` it warns, with the JSON schema; of `meaning` nobody
 * knows but us: names, paths and what contradicts itself or the file system.
 */
export interface PlanProblem extends TextPlace {
  readonly kind: 'syntax' | 'shape' | 'meaning';
  /** A plan with an error is no plan; a warning leaves it usable. */
  readonly severity: 'error' | 'warning';
  readonly message: Message;
}
