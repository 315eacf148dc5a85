// Holds README to the code: its table of steps, its example of a plan, its settings, permissions and files.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parsePlanText } from '../../src/adapters/files/jsoncText.js';
import { NEEDED_PERMISSIONS } from '../../src/domain/procedure/permissions.js';
import { planStep } from '../../src/domain/procedure/planStep.js';
import { PROCEDURE } from '../../src/domain/procedure/procedure.js';
import { STEP_IDS } from '../../src/domain/procedure/stepOrder.js';
import type { StepId, StepTarget } from '../../src/domain/procedure/stepOrder.js';
import { readPlan } from '../../src/domain/plan/readPlan.js';
import { textRenderer } from '../../src/shared/text/render.js';
import { drawProblem } from '../support/planText.js';
import { order, situation } from '../support/procedureMesh.js';
import { readJson, readText, REPOSITORY } from '../support/repository.js';
import { CLUSTER } from '../support/stepMesh.js';

const README = readText('README.md');

/** Asks for a name only where the record it deletes is there, which the plain mesh of these tests has not. */
const DELETES_BESIDES: readonly StepId[] = ['delete-old-operator', 'delete-old-gateway'];

/** The text from a heading to the next one of its rank or above. */
function section(heading: string): string {
  const [, rank = ''] = /^(#+) /.exec(heading) ?? [];
  const from = README.indexOf(`\n${heading}\n`);
  assert.notEqual(from, -1, `README has no heading ${heading}`);
  const rest = README.slice(from + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${rank.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

function rowsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(' | '));
}

function targetOf(scope: StepTarget['scope']): StepTarget {
  if (scope === 'mesh') return { scope };
  if (scope === 'cluster') return { scope, cluster: CLUSTER };
  if (scope === 'namespace') return { scope, cluster: CLUSTER, namespace: 'NAMESPACE' };
  return { scope, cluster: CLUSTER, namespace: 'NAMESPACE', name: 'GATEWAY' };
}

/** What the table says of a step and the code knows: id, title, phases, section of the guide, whether it changes or deletes. */
function rowOfCode(id: StepId): readonly string[] {
  const { phases, scope, guideSection, readsOnly, title } = PROCEDURE[id];
  const orders = phases.map((phase) => order(id, phase, targetOf(scope)));
  const titles = new Set(orders.map((one) => textRenderer('en')(title(one)).trim()));
  const deletes = DELETES_BESIDES.includes(id) || orders.some((one) => planStep(one, situation()).confirmation !== undefined);
  return [`\`${id}\``, [...titles].join(' / '), phases.join(', '), guideSection ?? '–', deletes ? '**deletes**' : readsOnly ? 'reads' : 'changes'];
}

describe('README', () => {
  it('has every step of the procedure with its title, phases, section of the guide and what it does, in order, and an undo for it', () => {
    const rows = rowsOf(section('## All steps'));
    assert.deepEqual(
      rows.map((row) => row.slice(0, 5)),
      STEP_IDS.map(rowOfCode),
    );
    for (const row of rows) assert.ok(row.length === 6 && row[5] !== '', row.join(' | '));
  });

  it('shows a plan file without an error', () => {
    const [, text = ''] = /```jsonc\n([\s\S]*?)```/.exec(section('## The plan file')) ?? [];
    const { plan, problems } = readPlan(parsePlanText(text), { resolve: (file) => path.posix.resolve('/plans', file), today: '2026-01-01' });
    assert.deepEqual(problems.map((problem) => drawProblem(text, problem)), []);
    assert.equal(plan?.clusters.length, 2);
  });

  it('has every setting with its default', () => {
    const manifest = readJson('package.json') as { contributes: { configuration: { properties: Record<string, { default: unknown }> } } };
    const drawn = (value: unknown): string => (typeof value === 'number' ? String(value) : value === '' || Array.isArray(value) ? 'empty' : `\`${String(value)}\``);
    assert.deepEqual(
      rowsOf(section('## Settings')).map(([name, value]) => [name, value]),
      Object.entries(manifest.contributes.configuration.properties).map(([name, { default: value }]) => [`\`${name}\``, drawn(value)]),
    );
  });

  it('names every permission that the steps need', () => {
    const rows = rowsOf(section('## Permissions')).flatMap(([resources = '', where = '', verbs = '']) =>
      resources.split(', ').flatMap((resource) => verbs.split(', ').map((verb) => `${verb} ${resource.replaceAll('`', '')} ${where}`)),
    );
    const needed = NEEDED_PERMISSIONS.map(({ verb, group, resource, namespace }) => `${verb} ${group === '' ? resource : `${resource}.${group}`} ${namespace ?? 'everywhere'}`);
    assert.deepEqual([...rows].sort(), [...needed].sort());
  });

  it('keeps the two commands, and shows no file that is not there', () => {
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) assert.ok(README.includes(`\`\`\`sh\n${command}\n\`\`\``), command);
    const linked = [...README.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, file = '']) => file);
    assert.deepEqual(linked.filter((file) => !existsSync(path.join(REPOSITORY, file))), []);
  });
});

