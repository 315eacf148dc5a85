// Reads and writes the JSON of one record in the cluster. Reading is strict: a record with anything missing or of another
// type is no record at all, because a gate would believe it.
import { isRecord, parseJson } from '../../../shared/json.js';
import type { JsonRecord } from '../../../shared/json.js';

/** Of every record; another number is another extension's, newer than this one. */
const VERSION = 1;

/** The text of a record as it is kept: compact, with fields in the order given, so that equal records are equal texts. */
export function recordText(fields: JsonRecord): string {
  return JSON.stringify({ version: VERSION, ...fields });
}

/** What `read` makes of the record; undefined where it is malformed in any field that `read` looks at. */
export function readRecord<Value>(text: string, read: (fields: RecordFields) => Value): Value | undefined {
  const json = parseJson(text);
  if (!isRecord(json) || json.version !== VERSION) return undefined;
  const fields = new RecordFields(json);
  const value = read(fields);
  return fields.isSound ? value : undefined;
}

/** Remembers whether everything that was asked for was there; what it returns for what was not is of no use. */
export class RecordFields {
  readonly #json: JsonRecord;
  #sound = true;

  constructor(json: JsonRecord) {
    this.#json = json;
  }

  get isSound(): boolean {
    return this.#sound;
  }

  has(name: string): boolean {
    return this.#json[name] !== undefined;
  }

  text(name: string): string {
    const value = this.#json[name];
    return typeof value === 'string' ? value : this.#missing('');
  }

  /** Null and absent are both "there was none". */
  optionalText(name: string): string | undefined {
    const value = this.#json[name];
    if (value === undefined || value === null) return undefined;
    return this.text(name);
  }

  number(name: string): number {
    const value = this.#json[name];
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#missing(0);
  }

  flag(name: string): boolean {
    const value = this.#json[name];
    return typeof value === 'boolean' ? value : this.#missing(false);
  }

  texts(name: string): readonly string[] {
    const value = this.#json[name];
    if (!Array.isArray(value)) return this.#missing([]);
    const texts = (value as readonly unknown[]).filter((entry) => typeof entry === 'string');
    return texts.length === value.length ? texts : this.#missing([]);
  }

  #missing<Value>(instead: Value): Value {
    this.#sound = false;
    return instead;
  }
}
