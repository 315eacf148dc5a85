// Reads fields of a parsed plan one by one and notes, with its place, whatever is not as it must be.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { PlanNode, PlanProblem, TextPlace } from './planDocument.js';
import type { FieldOf, PlanObjectName } from './planFields.js';
import { PLAN_FIELDS } from './planFields.js';

/** The values of an object's known fields. */
export type Fields<Name extends PlanObjectName> = Readonly<Partial<Record<FieldOf<Name>, PlanNode>>>;

export class PlanFieldReader {
  readonly problems: PlanProblem[] = [];

  /** Notes something that a schema cannot say. */
  report(place: TextPlace, text: Message, severity: PlanProblem['severity'] = 'error'): void {
    this.#note('meaning', place, text, severity);
  }

  /** Notes something that the schema says as well. */
  reportShape(place: TextPlace, text: Message): void {
    this.#note('shape', place, text, 'error');
  }

  /** The fields of an object; unknown, doubled and missing ones are noted. Undefined when it is none. */
  object<Name extends PlanObjectName>(node: PlanNode, name: Name): Fields<Name> | undefined {
    if (node.kind !== 'object') {
      this.#expected(node, 'object');
      return undefined;
    }
    const known: Readonly<Record<string, 'required' | 'optional'>> = PLAN_FIELDS[name];
    const fields: Record<string, PlanNode> = {};
    const seen = new Set<string>();
    for (const { name: field, namePlace, value } of node.properties) {
      if (seen.has(field)) this.reportShape(namePlace, message('plan.field.twice', { field }));
      else if (!Object.hasOwn(known, field)) this.reportShape(namePlace, unknownField(field, Object.keys(known)));
      else if (value === undefined) this.reportShape(namePlace, message('plan.field.noValue', { field }));
      else fields[field] = value;
      seen.add(field);
    }
    for (const [field, need] of Object.entries(known)) {
      if (need === 'required' && !seen.has(field)) this.reportShape(firstCharacter(node), message('plan.field.missing', { field }));
    }
    return fields as Fields<Name>;
  }

  text(node: PlanNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    if (node.kind !== 'string') {
      this.#expected(node, 'text');
      return undefined;
    }
    if (node.value.trim() === '') {
      this.reportShape(node, message('plan.text.empty'));
      return undefined;
    }
    return node.value;
  }

  list(node: PlanNode | undefined): readonly PlanNode[] | undefined {
    if (node === undefined) return undefined;
    if (node.kind === 'array') return node.items;
    this.#expected(node, 'list');
    return undefined;
  }

  texts(node: PlanNode | undefined): readonly { readonly node: PlanNode; readonly value: string }[] {
    return (this.list(node) ?? []).flatMap((item) => {
      const value = this.text(item);
      return value === undefined ? [] : [{ node: item, value }];
    });
  }

  choice<Value extends string>(node: PlanNode | undefined, choices: readonly Value[]): Value | undefined {
    const value = this.text(node);
    if (node === undefined || value === undefined) return undefined;
    const chosen = choices.find((candidate) => candidate === value);
    if (chosen === undefined) this.reportShape(node, message('plan.choice', { value, choices: choices.join(', ') }));
    return chosen;
  }

  /** A whole number of at least one. */
  count(node: PlanNode | undefined): number | undefined {
    if (node === undefined) return undefined;
    if (node.kind === 'number' && Number.isSafeInteger(node.value) && node.value >= 1) return node.value;
    this.reportShape(node, message('plan.count'));
    return undefined;
  }

  #expected(node: PlanNode, what: 'object' | 'text' | 'list'): void {
    this.reportShape(node.kind === 'object' || node.kind === 'array' ? firstCharacter(node) : node, message(`plan.expected.${what}`));
  }

  #note(kind: PlanProblem['kind'], { offset, length }: TextPlace, text: Message, severity: PlanProblem['severity']): void {
    this.problems.push({ kind, severity, offset, length, message: text });
  }
}

/** Of what goes over many lines only the opening bracket is marked. */
export function firstCharacter({ offset }: TextPlace): TextPlace {
  return { offset, length: 1 };
}

function unknownField(field: string, known: readonly string[]): Message {
  const near = known.find((candidate) => isNear(field.toLowerCase(), candidate.toLowerCase()));
  return near === undefined ? message('plan.field.unknown', { field }) : message('plan.field.unknownNear', { field, near });
}

/** Equal but for one letter more, less or other, as typing goes wrong. */
function isNear(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  const differs = Array.from(short).findIndex((letter, index) => letter !== long[index]);
  if (differs < 0) return true;
  return short.slice(differs) === long.slice(differs + 1) || short.slice(differs + 1) === long.slice(differs + 1);
}
