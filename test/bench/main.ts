// Measures what the product promises of its speed and size: `main.js [--full] [--only PART]`. Ratios are within one run, so that they hold on any machine.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { exitOnSignals } from '../workbench/processGroup.js';
import { inventoryFigures } from './inventoryBench.js';
import { judgeFigures } from './judgeBench.js';
import type { Figure } from './measure.js';
import { packageFigures } from './packageBench.js';
import { surveyFigures } from './surveyBench.js';
import { drawTable } from './table.js';

/** The sizes that are run by default take a minute; those of `--full` are what the product is built for. */
const SIZES = {
  usual: { surveys: [200], leaves: 5000 },
  full: { surveys: [200, 2000], leaves: 50_000 },
} as const;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A missed aim is told and no more: machines differ. Only what no machine changes fails the run. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { full: { type: 'boolean', default: false }, only: { type: 'string' } } });
  const sizes = values.full ? SIZES.full : SIZES.usual;
  const parts: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
    package: packageFigures,
    inventory: inventoryFigures,
    judge: () => judgeFigures(sizes.leaves),
    survey: () => surveyFigures(sizes.surveys, print),
  };
  const names = values.only === undefined ? Object.keys(parts) : [values.only];
  const figures: Figure[] = [];
  for (const name of names) {
    const part = parts[name];
    if (part === undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${name}"`);
    figures.push(...(await part()));
  }
  const [processor] = os.cpus();
  print(`\n${drawTable(figures)}\n`);
  print(`${os.availableParallelism()} cores (${processor?.model.trim() ?? 'unknown'}), load ${os.loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}, ${process.platform} ${process.arch}`);
  const failed = figures.filter(({ hard, met }) => hard === true && met === false);
  for (const { measure, figure, aim } of failed) print(`FAILED: ${measure}: ${figure}, not ${aim ?? ''}`);
  return failed.length === 0 ? 0 : 1;
}

exitOnSignals();
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
