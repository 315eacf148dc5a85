// What a workload's next pod would be: by the API server's own dry-run, or, where that is not permitted, by the webhooks' selectors.
import type { TextArgument } from '../../shared/text/message.js';

export type ForecastOutcome =
  | { readonly kind: 'injected'; readonly revision: string | undefined; readonly proxyImage: string | undefined; readonly caAddress: string | undefined }
  | { readonly kind: 'withoutSidecar' }
  /** The API server does not let such a pod in, or it could not work. */
  | { readonly kind: 'refused'; readonly reason: TextArgument }
  | { readonly kind: 'unknown'; readonly reason: TextArgument };

export interface WorkloadForecast {
  /** `Kind/name`; `Namespace/name` stands for a pod without labels of its own. */
  readonly workload: string;
  readonly outcome: ForecastOutcome;
  /** The API server was asked; otherwise it is worked out from the selectors. */
  readonly asked: boolean;
  /** An open-source proxy in phase 2: from Istio 1.23 on it has no client for Mesh CA, so the pod would never be Ready. */
  readonly pinnedForeignImage: string | undefined;
}
