// A plan file as somebody would write it, and what reading a changed one says: each mistake with the text it stands at.
import { parsePlanText } from '../../src/adapters/files/jsoncText.js';
import type { PlanProblem } from '../../src/domain/plan/planDocument.js';
import type { PlanReading } from '../../src/domain/plan/readPlan.js';
import { readPlan } from '../../src/domain/plan/readPlan.js';
import { textRenderer } from '../../src/shared/text/render.js';

export const PLAN_TEXT = `{
  // Both clusters are in one project.
  "version": 1,
  "startingPoint": "istio",
  "fleetProject": "fleet-project",
  "revision1": "asm-1232-2-distribute-root",
  "revision2": "asm-1232-2-meshca-ca-migration",
  "clusters": [
    { "kubeconfig": "config", "context": "gke_project-1_us-central1_one", "outputDirectory": "/asm/one", "overlays": ["overlays/a.yaml"] },
    { "kubeconfig": "config", "context": "gke_project-1_us-east1-b_two", "outputDirectory": "/asm/two" },
  ],
  "waveSize": 2,
  "tests": { "*": ["curl", "-fsS", "http://localhost"], "two/foo": ["./smoke", ""] },
  "waivers": [{ "subject": "one/foo/Deployment/httpbin", "what": "proxy", "reason": "is switched off next week", "until": "2026-03-31" }],
  "backupDirectory": "../backups",
}
`;

export const TODAY = '2026-03-31';

/** Replaces a part that must be there. */
export function changed(from: string, to: string, text = PLAN_TEXT): string {
  if (!text.includes(from)) throw new Error(`the text does not have ${from}`);
  return text.replace(from, () => to);
}

export function readText(text: string): PlanReading {
  return readPlan(parsePlanText(text), { resolve: (path) => (path.startsWith('/') ? path : `/plans/${path}`), today: TODAY });
}

/** `error: what is marked | sentence`. */
export function drawProblem(text: string, { severity, offset, length, message }: PlanProblem): string {
  return `${severity}: ${text.slice(offset, offset + length)} | ${textRenderer('en')(message)}`;
}

/** What is wrong with the text, each problem drawn. */
export function problemsOf(text: string): readonly string[] {
  return readText(text).problems.map((problem) => drawProblem(text, problem));
}
