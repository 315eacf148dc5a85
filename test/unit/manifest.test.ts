// Holds package.json and the declared ids to each other, both ways: what is contributed exists, what exists is contributed.
import assert from 'node:assert/strict';
import {
  CLUSTERS_VIEW,
  COMMANDS,
  CONTEXT_KEYS,
  CONTEXT_VALUES,
  MIGRATION_VIEW,
  SETTINGS,
  STEP_TASK,
  SUBMENUS,
  TRUST_PANEL,
  VIEW_CONTAINER,
  WALKTHROUGH,
} from '../../src/contributions.js';
import { PLAN_FILE_NAME } from '../../src/app/plan/planSource.js';
import { stepTitle } from '../../src/domain/position/stepTitle.js';
import { STEP_IDS } from '../../src/domain/procedure/stepOrder.js';
import { message } from '../../src/shared/text/message.js';
import { textRenderer } from '../../src/shared/text/render.js';
import { STEP_COMMANDS } from '../../src/ui/migration/stepCommands.js';
import { filesBelow, readJson, readText } from '../support/repository.js';

interface MenuItem {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface WalkthroughStep {
  readonly id: string;
  readonly media: { readonly svg: string };
  readonly completionEvents?: readonly string[];
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly enablement?: string }[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly submenus: readonly { readonly id: string }[];
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly WalkthroughStep[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    readonly taskDefinitions: readonly { readonly type: string; readonly required: readonly string[] }[];
  };
}

const manifest = readJson('package.json') as Manifest;
const english = readJson('package.nls.json') as Record<string, string>;
const korean = readJson('package.nls.ko.json') as Record<string, string>;
const menuItems = Object.values(manifest.contributes.menus).flat();
const whenClauses = [
  ...menuItems.map(({ when }) => when ?? ''),
  ...manifest.contributes.viewsWelcome.map(({ when }) => when),
  ...manifest.contributes.commands.map(({ enablement }) => enablement ?? ''),
];

describe('manifest', () => {
  it('contributes exactly the declared commands', () => {
    assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), [...COMMANDS].sort());
  });

  it('contributes exactly the declared views, container, panel and task', () => {
    assert.deepEqual(manifest.contributes.viewsContainers.activitybar.map(({ id }) => id), [VIEW_CONTAINER]);
    assert.deepEqual(manifest.contributes.views[VIEW_CONTAINER]?.map(({ id }) => id), [MIGRATION_VIEW, CLUSTERS_VIEW]);
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${TRUST_PANEL}`));
    assert.ok(manifest.activationEvents.includes(`workspaceContains:**/${PLAN_FILE_NAME}`));
    assert.deepEqual(manifest.contributes.taskDefinitions.map(({ type, required }) => [type, required]), [[STEP_TASK, ['runId']]]);
  });

  it('contributes exactly the declared submenus, each with items and a place, and the walkthrough with its pictures', () => {
    const { submenus, menus, walkthroughs } = manifest.contributes;
    assert.deepEqual(submenus.map(({ id }) => id), SUBMENUS);
    const placed = new Set(menuItems.map(({ submenu }) => submenu));
    assert.deepEqual(SUBMENUS.filter((id) => !placed.has(id) || (menus[id] ?? []).length === 0), []);
    assert.deepEqual(walkthroughs.map(({ id }) => id), [WALKTHROUGH]);
    const pictures = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    assert.deepEqual(pictures.filter((file) => !filesBelow('media', '.svg').includes(file)), []);
  });

  it('completes each step of the walkthrough by what is so: a command that was run, or cancelled, ticks none', () => {
    const events = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ id, completionEvents }) => [id, ...(completionEvents ?? [])]));
    const { hasClusters, preparationDone, phase1Done, phase2Done, phase3Done } = CONTEXT_KEYS;
    assert.deepEqual(events, [
      ['clusters', `onContext:${hasClusters}`],
      ['prepare', `onContext:${preparationDone}`],
      ['phase1', `onContext:${phase1Done}`],
      ['phase2', `onContext:${phase2Done}`],
      ['phase3', `onContext:${phase3Done}`],
    ]);
  });

  it('has a command for each step of the procedure, under the step’s own title', () => {
    const titles = new Map(manifest.contributes.commands.map(({ command, title }) => [command, title.replaceAll('%', '')]));
    for (const [texts, text] of [[english, textRenderer('en')], [korean, textRenderer('ko')]] as const) {
      const commandTitles = STEP_IDS.map((step) => texts[titles.get(STEP_COMMANDS[step]) ?? '']?.replace(/…$/, ''));
      assert.deepEqual(commandTitles, STEP_IDS.map((step) => text(stepTitle(step))));
    }
  });

  it('calls what the trust panel offers as the command that does it is called', () => {
    for (const [texts, text] of [[english, textRenderer('en')], [korean, textRenderer('ko')]] as const) {
      const buttons = (['restart', 'migrate', 'addGateway', 'upgradeGateway'] as const).map((action) => text(message(`panel.action.${action}`)));
      const commands = ['namespace.restart', 'namespace.migrate', 'step.migrateGateway', 'step.upgradeGateway'].map((command) => texts[`command.${command}`]?.replace(/…$/, ''));
      assert.deepEqual(buttons, commands);
    }
  });

  it('contributes exactly the declared settings, with the same defaults', () => {
    const contributed = Object.entries(manifest.contributes.configuration.properties).map(([name, { default: value }]) => [name, value]);
    assert.deepEqual(Object.fromEntries(contributed), SETTINGS);
  });

  it('names only declared commands in menus and welcome views', () => {
    const named = [
      ...menuItems.flatMap(({ command }) => command ?? []),
      ...Object.values(english).flatMap((text) => [...text.matchAll(/\(command:([^)]+)\)/g)].map(([, id]) => id ?? '')),
    ];
    assert.deepEqual(named.filter((id) => !(COMMANDS as readonly string[]).includes(id)), []);
  });

  it('uses only declared views, context keys and context values in when-clauses', () => {
    const known = new Set<string>([...Object.values(CONTEXT_KEYS), CLUSTERS_VIEW, MIGRATION_VIEW]);
    const unknown = whenClauses.flatMap((clause) => clause.match(/meshCa\.\w+/g) ?? []).filter((name) => !known.has(name));
    assert.deepEqual(unknown, []);
    const dead = whenClauses
      .flatMap((clause) => [...clause.matchAll(/viewItem =~ \/(.+?)\/(?= |$)/g)].map(([, source]) => source ?? ''))
      .filter((source) => !Object.values(CONTEXT_VALUES).some((value) => new RegExp(source).test(value)));
    assert.deepEqual(dead, []);
  });

  it('matches context values with anchored expressions only', () => {
    const loose = whenClauses.filter((clause) => clause.includes('viewItem') && !clause.includes('viewItem =~ /^'));
    assert.deepEqual(loose, []);
  });

  it('offers a cluster that can be read in part all that one without trouble offers', () => {
    const missing = offeredTo(CONTEXT_VALUES.cluster).filter((item) => !offeredTo(CONTEXT_VALUES.clusterInTrouble).includes(item));
    assert.deepEqual(missing, []);
    assert.deepEqual(SUBMENUS.filter((id) => !offeredTo(CONTEXT_VALUES.clusterInTrouble).includes(id)), []);
  });

  it('offers Retry and Leave Out on what could not be read, and nothing on a row that only says something', () => {
    assert.deepEqual(offeredTo(CONTEXT_VALUES.trouble), ['meshCa.cluster.retry', 'meshCa.cluster.leaveOut']);
    assert.deepEqual(offeredTo(CONTEXT_VALUES.note), []);
  });

  it('has every text in English and in Korean, and no text that nobody uses', () => {
    const used = [...readText('package.json').matchAll(/"%([^"%]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual(Object.keys(english).sort(), [...new Set(used)].sort());
    assert.deepEqual(Object.keys(korean).sort(), Object.keys(english).sort());
  });

  it('offers each action of the context menu in the palette under the same words', () => {
    const hidden = (manifest.contributes.menus.commandPalette ?? []).filter(({ when }) => when === 'false').map(({ command }) => command);
    const needTheClickedThing = ['meshCa.name.copy', 'meshCa.migration.runStep'];
    assert.deepEqual(hidden, needTheClickedThing);
  });

  it('writes each id once: elsewhere a command, view, panel or setting stands as text only where its type is checked', () => {
    const ids = [...COMMANDS, ...Object.keys(SETTINGS), CLUSTERS_VIEW, MIGRATION_VIEW, WALKTHROUGH, ...SUBMENUS, TRUST_PANEL, STEP_TASK, ...Object.values(CONTEXT_KEYS)];
    const typed = [
      'src/contributions.ts', 'src/compose.ts', 'src/ui/tree/clusterRows.ts', 'src/ui/tree/namespaceRow.ts', 'src/ui/steps/stepPrompts.ts',
      'src/ui/migration/stepCommands.ts', 'src/ui/migration/migrationCommands.ts', 'src/ui/migration/migrationRows.ts', 'src/ui/migration/noteRow.ts',
      'src/ui/migration/migrationStatusBar.ts', 'src/migration.ts', 'src/ui/commands/chooseClusters.ts',
    ];
    const repeated = filesBelow('src', '.ts')
      .filter((file) => !typed.includes(file))
      .flatMap((file) => {
        const source = withoutComments(readText(file));
        return ids.filter((id) => source.includes(id) && standsIn(source, id)).map((id) => `${file}: ${id}`);
      });
    assert.deepEqual(repeated, []);
  });

  it('names only scripts that exist in README and CONTRIBUTING', () => {
    const named = ['README.md', 'CONTRIBUTING.md'].flatMap((file) => [...readText(file).matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script ?? ''));
    assert.deepEqual(named.filter((script) => !(script in manifest.scripts)), []);
  });
});

/** What the context menu of the tree Clusters holds on a row of this context value, without its inline buttons. */
function offeredTo(value: string): readonly string[] {
  return (manifest.contributes.menus['view/item/context'] ?? []).flatMap(({ command, submenu, when = '', group = '' }) => {
    const [, source] = /^view == meshCa\.clusters && viewItem =~ \/(.+)\/$/.exec(when) ?? [];
    return source === undefined || group.startsWith('inline') || !new RegExp(source).test(value) ? [] : [command ?? submenu ?? ''];
  });
}

/** As a whole text: quoted, or in a link `command:ID`. */
function standsIn(source: string, id: string): boolean {
  return ["'", '"', '`', 'command:'].some((before) => ['\'', '"', '`', '?', ')'].some((after) => source.includes(before + id + after)));
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '');
}
