// Saved surveys on the disk, for the command line: written for their owner alone, read whole.
import { readFile, writeFile } from 'node:fs/promises';
import { readSurveyFile } from '../app/trust/savedSurvey.js';
import { writeSurveyFile } from '../app/trust/surveyFile.js';
import type { SurveyRecord } from '../app/trust/surveyRecord.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import { notAsked } from './readClusters.js';
import type { SurveyOutcome, SurveyWorld } from './runSurvey.js';

/** Names of pods and services are nobody else's business on a shared machine. */
const OWNER_ONLY = 0o600;

/** Undefined when it was written. */
export async function saveSurvey(path: string, record: SurveyRecord, tool: string): Promise<Message | undefined> {
  try {
    await writeFile(path, writeSurveyFile(record, tool), { mode: OWNER_ONLY });
    return undefined;
  } catch (error) {
    return message('surveys.file.unwritable', { path, reason: reasonOf(error) });
  }
}

export async function openSurvey(path: string, { parseSurveyDocument, certificateReader }: SurveyWorld): Promise<SurveyOutcome> {
  let content: Uint8Array;
  try {
    content = await readFile(path);
  } catch (error) {
    return notAsked(message('surveys.file.unreadable', { path, reason: reasonOf(error) }));
  }
  const opened = readSurveyFile(content, { parse: parseSurveyDocument, certificateReader });
  return opened.ok ? opened : notAsked(message('surveys.file.unreadable', { path, reason: opened.why }));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
