// Whether asmcli can install a control plane under a revision name: judged before, because asmcli itself finds out half way.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { DEFAULT_REVISION } from '../../shared/istioNames.js';

/** What the guide calls its two revisions. */
export const SUGGESTED_REVISIONS = { revision1: 'asm-1232-2-distribute-root', revision2: 'asm-1232-2-meshca-ca-migration' } as const;

/** DNS-1035: it becomes part of the name of Service `istiod-REVISION`. asmcli tests RFC 1123 only and fails in the middle. */
export const REVISION_PATTERN = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

/** A Service's name has at most 63 characters, `istiod-` being seven of them. */
export const LONGEST_REVISION = 56;

/** What is wrong with the name; undefined when it can be installed. */
export function revisionNameProblem(name: string): Message | undefined {
  if (name === DEFAULT_REVISION) return message('plan.revision.default');
  if (name.length > LONGEST_REVISION) return message('plan.revision.tooLong', { length: name.length, most: LONGEST_REVISION });
  if (name.startsWith('asm-managed')) return message('plan.revision.managed', { name });
  return new RegExp(REVISION_PATTERN).test(name) ? undefined : message('plan.revision.malformed', { name });
}
