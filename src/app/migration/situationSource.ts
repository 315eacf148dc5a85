// The mesh as steps, gates, position, report and command line judge it: clusters, survey, evidence and plan in one value.
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import type { Disposable } from '../events.js';

export interface SituationSource {
  /** As far as it has been read; never waits. */
  current(): MeshSituation;
  /**
   * Reads anew what gates judge (proxies, records, evidence), as often as it takes for two surveys to agree, but not for ever;
   * what could not be read is in it as unknown.
   */
  refresh(signal: AbortSignal): Promise<MeshSituation>;
  /** The same with one reading, for who looks again and again until something is so. */
  readOnce(signal: AbortSignal): Promise<MeshSituation>;
  onDidChange(listener: () => void): Disposable;
}
