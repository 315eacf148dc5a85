// The step runner, a process of its own in the integrated terminal: runs a step's command lines one after another and
// records what became of them. Started as `step.js SPEC_FILE RECORD_FILE`.
import fs from 'node:fs';
import { parseStepSpec } from '../../domain/steps/stepRecord.js';
import { message } from '../../shared/text/message.js';
import { localeOf, textRenderer } from '../../shared/text/render.js';
import { writeRecord } from './recordFile.js';
import { runStep } from './runStep.js';

const EXIT_BAD_ORDERS = 2;

async function main(specFile: string | undefined, recordFile: string | undefined): Promise<number> {
  const spec = parseStepSpec(readText(specFile));
  if (spec === undefined || recordFile === undefined) {
    // The run was given up before it began: nothing may run any more.
    const text = textRenderer(localeOf(process.env.LANG));
    process.stderr.write(`${text(message('steps.runner.noOrders'))}\n`);
    return EXIT_BAD_ORDERS;
  }
  // A terminal that was closed must not keep the runner from recording how the run ended.
  process.stdout.on('error', () => undefined);
  const { record, exitCode } = await runStep(spec, {
    print: (line) => process.stdout.write(`${line}\n`),
    now: () => new Date().toISOString(),
    shell: process.platform === 'win32' ? 'powershell' : 'posix',
    text: textRenderer(localeOf(spec.language)),
  });
  writeRecord(recordFile, record);
  return exitCode;
}

function readText(file: string | undefined): string {
  try {
    return file === undefined ? '' : fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

void main(process.argv[2], process.argv[3]).then((exitCode) => {
  process.exitCode = exitCode;
});
