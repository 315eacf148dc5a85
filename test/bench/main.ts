// Measures what the product promises of its speed and size: `main.js [--quick] [--only PART] [--write-readme]`. Ratios are
// within one run, so that they hold on any machine.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { exitOnSignals } from '../workbench/processGroup.js';
import { inventoryFigures } from './inventoryBench.js';
import { judgeFigures } from './judgeBench.js';
import type { Figure } from './measure.js';
import { packageFigures } from './packageBench.js';
import { panelFigures } from './panelBench.js';
import { writeReadme } from './readmeTable.js';
import { surveyFigures } from './surveyBench.js';
import { drawTable } from './table.js';
import { viewFigures } from './viewsBench.js';

/** What the product is built for takes some four minutes; `--quick` a quarter of that. */
const SIZES = {
  full: { surveys: { compared: [200, 2000], cpuOnly: [5000] }, leaves: 50_000 },
  quick: { surveys: { compared: [200], cpuOnly: [] }, leaves: 5000 },
} as const;
/** From this load a core on, somebody else wants the processor as well. */
const BUSY_LOAD_A_CORE = 0.5;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A missed aim is told and no more: machines differ. Only what no machine changes fails the run. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, 'write-readme': { type: 'boolean', default: false } },
  });
  if (values['write-readme'] && (values.quick || values.only !== undefined)) throw new Error('--write-readme writes the whole table: without --quick and --only');
  const sizes = values.quick ? SIZES.quick : SIZES.full;
  const machine = describeMachine();
  const parts: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
    package: packageFigures,
    inventory: inventoryFigures,
    judge: () => judgeFigures(sizes.leaves),
    views: () => viewFigures(sizes.leaves),
    survey: () => surveyFigures(sizes.surveys, print),
    panel: () => panelFigures(print),
  };
  const names = values.only === undefined ? Object.keys(parts) : [values.only];
  const figures: Figure[] = [];
  for (const name of names) {
    const part = parts[name];
    if (part === undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${name}"`);
    figures.push(...(await part()));
  }
  const table = drawTable(figures);
  print(`\n${table}\n\n${machine}`);
  if (values['write-readme']) writeReadme([table, '', machine]);
  const failed = figures.filter(({ hard, met }) => hard === true && met === false);
  for (const { measure, figure, aim } of failed) print(`FAILED: ${measure}: ${figure}, not ${aim ?? ''}`);
  return failed.length === 0 ? 0 : 1;
}

/** In general words, and before anything is measured: afterwards the load is our own. */
function describeMachine(): string {
  const cores = os.availableParallelism();
  const [processor] = os.cpus();
  const load = os.loadavg()[0] ?? 0;
  const memory = `${Math.round(os.totalmem() / 1024 ** 3)} GB of memory`;
  const busy = load / cores > BUSY_LOAD_A_CORE ? ` The machine was not idle when this began (load ${load.toFixed(1)}).` : '';
  return `Measured on ${cores} cores (${processor?.model.trim() ?? 'unknown'}), ${memory}, Node ${process.version}, ${process.platform} ${process.arch}.${busy}`;
}

exitOnSignals();
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
