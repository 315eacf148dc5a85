// Holds the JSON schema that editors use to what the reader of plans takes: same fields, same choices, same patterns.
import assert from 'node:assert/strict';
import { ASMCLI_FLAGS, CA_FILE_NAMES, DATE_PATTERN, DEFAULT_WAVE_SIZE, PLAN_FIELDS, PROJECT_PATTERN, STARTING_POINTS, WAIVER_PATTERN } from '../../../../src/domain/plan/planFields.js';
import { LONGEST_REVISION, REVISION_PATTERN, SUGGESTED_REVISIONS } from '../../../../src/domain/plan/revisionName.js';
import { PLAN_FILE_NAME } from '../../../../src/app/plan/planSource.js';
import { readJson } from '../../../support/repository.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly not?: { readonly const: string };
}

const SCHEMA_FILE = 'media/mesh-ca-plan.schema.json';
const schema = readJson(SCHEMA_FILE) as Schema & { readonly definitions: Readonly<Record<string, Schema>> };
const { definitions, properties = {} } = schema;
const OBJECTS: Readonly<Record<keyof typeof PLAN_FIELDS, Schema | undefined>> = {
  plan: schema,
  cluster: definitions.cluster,
  caFiles: definitions.caFiles,
  waiver: definitions.waiver,
};

describe('the schema of plans', () => {
  for (const [name, fields] of Object.entries(PLAN_FIELDS)) {
    it(`has the reader's fields of ${name}, the same ones required, no others, each with its hover`, () => {
      const object: Schema = OBJECTS[name as keyof typeof PLAN_FIELDS] ?? {};
      assert.deepEqual(Object.keys(object.properties ?? {}).sort(), Object.keys(fields).sort());
      const required = Object.entries(fields).filter(([, need]) => need === 'required').map(([field]) => field);
      assert.deepEqual([...(object.required ?? [])].sort(), required.sort());
      assert.equal(object.additionalProperties, false);
      const silent = Object.entries(object.properties ?? {}).filter(([, { description, $ref }]) => description === undefined && definitions[$ref?.split('/').at(-1) ?? '']?.description === undefined);
      assert.deepEqual(silent, []);
    });
  }

  it('says of each pattern in words what is wrong, and not the pattern', () => {
    const silent = (node: unknown): readonly unknown[] => {
      if (typeof node !== 'object' || node === null) return [];
      const { pattern, patternErrorMessage } = node as { readonly pattern?: unknown; readonly patternErrorMessage?: unknown };
      const own = typeof pattern === 'string' && typeof patternErrorMessage !== 'string' ? [pattern] : [];
      return [...own, ...Object.values(node).flatMap(silent)];
    };
    assert.deepEqual(silent(schema), []);
  });

  it('has the same choices, patterns and limits', () => {
    assert.deepEqual(properties.startingPoint?.enum, STARTING_POINTS);
    assert.deepEqual(properties.asmcliFlags?.items?.enum, ASMCLI_FLAGS);
    assert.equal(properties.waveSize?.default, DEFAULT_WAVE_SIZE);
    assert.equal(definitions.project?.pattern, PROJECT_PATTERN);
    assert.deepEqual([definitions.revision?.pattern, definitions.revision?.maxLength, definitions.revision?.not?.const], [REVISION_PATTERN, LONGEST_REVISION, 'default']);
    assert.deepEqual([properties.revision1?.default, properties.revision2?.default], [SUGGESTED_REVISIONS.revision1, SUGGESTED_REVISIONS.revision2]);
    const { what, until } = OBJECTS.waiver?.properties ?? {};
    assert.deepEqual([what?.pattern, until?.pattern], [WAIVER_PATTERN, DATE_PATTERN]);
    for (const [file, name] of Object.entries(CA_FILE_NAMES)) {
      const pattern = new RegExp(definitions.caFiles?.properties?.[file]?.pattern ?? '^$');
      assert.ok(pattern.test(name) && pattern.test(`a/${name}`) && pattern.test(`a\\${name}`) && !pattern.test(`a/other-${name}`), name);
    }
  });

  it('is what editors get for the file by which the extension finds plans', () => {
    const { contributes } = readJson('package.json') as {
      contributes: { jsonValidation?: readonly { fileMatch: string; url: string }[]; languages?: readonly { id: string; filenamePatterns: readonly string[] }[] };
    };
    assert.deepEqual(contributes.jsonValidation, [{ fileMatch: PLAN_FILE_NAME, url: `./${SCHEMA_FILE}` }]);
    assert.deepEqual(contributes.languages, [{ id: 'jsonc', filenamePatterns: ['*.plan.jsonc'] }]);
  });
});
