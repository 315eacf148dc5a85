// What a throw-away pod of a revision held: the evidence without which no namespace is moved to that revision.
import { readRecord, recordText } from './recordFields.js';

const PREFIX = 'probe.';

export interface ProbeRecord {
  readonly at: number;
  readonly revision: string;
  readonly passed: boolean;
  /** Fingerprint of the root its certificate verified to, or the gates' name of Mesh CA's. */
  readonly issuer: string | undefined;
  readonly anchors: readonly string[];
  readonly domain: string | undefined;
  /** `controlPlaneIdentity` of the istiod that injected it. */
  readonly controlPlane: string;
}

export function probeKey(revision: string): string {
  return `${PREFIX}${revision}`;
}

export function isProbeKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function probeText({ at, revision, passed, issuer, anchors, domain, controlPlane }: ProbeRecord): string {
  return recordText({ at, revision, passed, issuer: issuer ?? null, anchors: [...anchors].sort(), domain: domain ?? null, controlPlane });
}

/** Undefined where it is not a whole record of the revision that its key names. */
export function readProbe(key: string, text: string): ProbeRecord | undefined {
  const record = readRecord(text, (fields) => ({
    at: fields.number('at'),
    revision: fields.text('revision'),
    passed: fields.flag('passed'),
    issuer: fields.optionalText('issuer'),
    anchors: fields.texts('anchors'),
    domain: fields.optionalText('domain'),
    controlPlane: fields.text('controlPlane'),
  }));
  return record !== undefined && probeKey(record.revision) === key ? record : undefined;
}
