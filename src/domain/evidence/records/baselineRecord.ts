// Who could authenticate whom before anything was done, as it is kept in every cluster of the mesh.
import { readRecord, recordText } from './recordFields.js';

/** Key in the config map of our records. */
export const BASELINE_KEY = 'baseline';

export interface BaselineRecord {
  /** Milliseconds since the epoch: when the survey behind it began. */
  readonly at: number;
  /** `CLIENT,SERVER`, each `cluster|anchor` with the cluster's name in the plan: paths of kubeconfigs differ between machines. */
  readonly pairs: readonly string[];
  /** `cluster/namespace` of what was meshed then. */
  readonly meshed: readonly string[];
}

/** How an issuer is named across clusters: two self-signed roots have one subject, so only the fingerprint tells them apart. */
export function issuerPlace(cluster: string, anchor: string): string {
  return `${cluster}|${anchor}`;
}

/** A pair of peers by who signed them, as gates read it. */
export function issuerPair(client: string, server: string): string {
  return `${client},${server}`;
}

/** The pair with each cluster renamed; undefined for a text that is no pair of known clusters. */
export function renamedPair(pair: string, rename: (cluster: string) => string | undefined): string | undefined {
  const match = /^([^|]*)\|([^,|]*),([^|]*)\|([^,|]*)$/.exec(pair);
  if (match === null) return undefined;
  const [, client = '', clientAnchor = '', server = '', serverAnchor = ''] = match;
  const [one, other] = [rename(client), rename(server)];
  return one === undefined || other === undefined ? undefined : issuerPair(issuerPlace(one, clientAnchor), issuerPlace(other, serverAnchor));
}

export function baselineText({ at, pairs, meshed }: BaselineRecord): string {
  return recordText({ at, pairs: [...pairs].sort(), meshed: [...meshed].sort() });
}

/** Undefined where it is not a whole record: then there is no baseline. */
export function readBaseline(text: string): BaselineRecord | undefined {
  return readRecord(text, (fields) => ({ at: fields.number('at'), pairs: fields.texts('pairs'), meshed: fields.texts('meshed') }));
}
