// Parses the plan file with Microsoft's own parser for JSON with comments, the one that VS Code's JSON editor uses.
import type { Node, ParseError } from 'jsonc-parser';
import { parseTree } from 'jsonc-parser';
import type { PlanDocument, PlanNode, PlanProblem, PlanProperty } from '../../domain/plan/planDocument.js';
import type { TextKey } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';

/** jsonc-parser's `ParseErrorCode`, which is a const enum and so not there to be imported. */
const ERROR_TEXTS: Readonly<Record<number, TextKey>> = {
  3: 'plan.syntax.propertyName',
  4: 'plan.syntax.value',
  5: 'plan.syntax.colon',
  6: 'plan.syntax.comma',
  7: 'plan.syntax.closeBrace',
  8: 'plan.syntax.closeBracket',
  9: 'plan.syntax.end',
  11: 'plan.syntax.comment',
  12: 'plan.syntax.string',
};

/** The text as a tree with places, as far as it can be understood. */
export function parsePlanText(text: string): PlanDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  return { text, root: root === undefined ? undefined : nodeOf(root), syntaxErrors: errors.map(problemOf) };
}

function problemOf({ error, offset, length }: ParseError): PlanProblem {
  const what = { key: ERROR_TEXTS[error] ?? 'plan.syntax.other', args: {} } as const;
  return { kind: 'syntax', severity: 'error', offset, length: Math.max(length, 1), message: message('plan.syntax', { what }) };
}

function nodeOf({ type, offset, length, value, children = [] }: Node): PlanNode {
  const place = { offset, length };
  const plain: unknown = value;
  switch (type) {
    case 'object':
      return { ...place, kind: 'object', properties: children.flatMap((child) => propertyOf(child) ?? []) };
    case 'array':
      return { ...place, kind: 'array', items: children.map(nodeOf) };
    case 'string':
      return { ...place, kind: 'string', value: String(plain) };
    case 'number':
      return { ...place, kind: 'number', value: Number(plain) };
    case 'boolean':
      return { ...place, kind: 'boolean' };
    default:
      return { ...place, kind: 'null' };
  }
}

function propertyOf({ children: [name, value] = [] }: Node): PlanProperty | undefined {
  if (name === undefined) return undefined;
  const text: unknown = name.value;
  return { name: String(text), namePlace: { offset: name.offset, length: name.length }, value: value === undefined ? undefined : nodeOf(value) };
}
