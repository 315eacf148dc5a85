// Finds what looks like a secret in a text that is committed, mailed and shown: a plan names key files, it never holds keys.
import { message } from '../../shared/text/message.js';
import type { PlanProblem } from './planDocument.js';

/** A key in PEM, the same in base64 (as Secrets hold it), Google's access tokens, signed tokens such as a service account's. */
const SECRETS = [
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/g,
  /LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,20}(?:UFJJVkFURS|BSSVZBVE|QUklWQVRF)[A-Za-z0-9+/=]*/g,
  /\bya29\.[\w.-]{20,}/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
] as const;

/** Anywhere in the text, comments included. What is reported never repeats what was found. */
export function secretProblems(text: string): readonly PlanProblem[] {
  return SECRETS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
      kind: 'meaning' as const,
      severity: 'error' as const,
      offset: index,
      length: found.length,
      message: message('plan.secret'),
    })),
  );
}

/** The text with whatever looks like a secret left out, for what is kept and shown. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, pattern) => rest.replace(pattern, '…'), text);
}
