// Everything that may go wrong and stay wrong in a rehearsal until it is cleared: a closed union of plain values.
import type { PodFilter } from './podFilter.js';
import { describePods } from './podFilter.js';
import type { RequestFilter } from './requestFilter.js';
import { describeRequests } from './requestFilter.js';

/** How a proxy's admin port misbehaves; `large` answers 50 MB, `half` breaks off in the middle, `error` answers 503. */
export const ADMIN_TROUBLES = ['hang', 'refuse', 'garbage', 'large', 'half', 'error'] as const;
export type AdminTrouble = (typeof ADMIN_TROUBLES)[number];

/** What the API server does with a request instead of serving it; `slow` serves it later, `half` breaks the answer off. */
export const API_TROUBLES = ['throttle', 'fail', 'slow', 'half', 'reset', 'hang'] as const;
export type ApiTrouble = (typeof API_TROUBLES)[number];

/** `expire` and `error` are ERROR events, of code 410 and 500; a `silent` watch stays open and never says anything again. */
export const WATCH_TROUBLES = ['break', 'silent', 'expire', 'error'] as const;
export type WatchTrouble = (typeof WATCH_TROUBLES)[number];

/** Labels as they shall be; null: the label shall not be there. */
export type WantedLabels = Readonly<Record<string, string | null>>;

export interface ApiFault {
  readonly kind: 'api';
  readonly trouble: ApiTrouble;
  readonly requests: RequestFilter;
  /** The status of `fail`. */
  readonly code: number;
  /** How late `slow` is, and what `throttle` says in Retry-After. */
  readonly seconds: number;
  /** Only the first so many requests; without it all until it is cleared. */
  readonly times?: number;
}

export interface WatchFault {
  readonly kind: 'watch';
  readonly trouble: WatchTrouble;
  readonly requests: RequestFilter;
}

export interface AdminFault {
  readonly kind: 'admin';
  readonly trouble: AdminTrouble;
  readonly pods: PodFilter;
}

export type Fault =
  | ApiFault
  | WatchFault
  | AdminFault
  /** Their application container (or the one named) exits soon after each start. */
  | { readonly kind: 'crash'; readonly pods: PodFilter; readonly container?: string }
  /** Nobody answers these proxies' certificate requests: none is renewed, a new one never becomes ready. */
  | { readonly kind: 'caOutage'; readonly pods: PodFilter }
  /** Configuration reaches these connected proxies late, or without `seconds` not at all. */
  | { readonly kind: 'push'; readonly pods: PodFilter; readonly seconds?: number }
  /** The CAs give out certificates that last only so long, beginning with new ones for all. */
  | { readonly kind: 'shortCertificates'; readonly seconds: number }
  | { readonly kind: 'forbid'; readonly requests: RequestFilter }
  /** Somebody's GitOps puts the labels of a namespace back whenever they are changed. */
  | { readonly kind: 'gitops'; readonly namespace: string; readonly labels?: WantedLabels; readonly seconds: number }
  /** Pods that nobody here asked for come up again and again, as a CronJob makes them. */
  | { readonly kind: 'cron'; readonly namespace: string; readonly name: string; readonly seconds: number }
  | { readonly kind: 'tokenExpired' }
  | { readonly kind: 'down' };

function describeApi({ trouble, requests, code, seconds, times }: ApiFault): string {
  const what = {
    throttle: `answers 429, Retry-After ${seconds}`,
    fail: `answers ${code}`,
    slow: `answers ${seconds} s late`,
    half: 'breaks its answers off in the middle',
    reset: 'resets the connection',
    hang: 'never answers',
  }[trouble];
  return `the API server ${what}: ${describeRequests(requests)}${times === undefined ? '' : `, for ${times} requests`}`;
}

function describeLabels(labels: WantedLabels | undefined): string {
  if (labels === undefined) return 'as they were';
  return Object.entries(labels).map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`)).join(' ');
}

/** One line for a list of what is in force. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'api':
      return describeApi(fault);
    case 'watch':
      return `watches ${fault.trouble}: ${describeRequests(fault.requests)}`;
    case 'admin':
      return `the Envoy admin port answers with "${fault.trouble}": pods ${describePods(fault.pods)}`;
    case 'crash':
      return `${fault.container ?? 'the application'} crashes again and again: pods ${describePods(fault.pods)}`;
    case 'caOutage':
      return `no certificate requests are answered: pods ${describePods(fault.pods)}`;
    case 'push': {
      const how = fault.seconds === undefined ? 'is lost' : `comes ${fault.seconds} s late`;
      return `new configuration ${how}: pods ${describePods(fault.pods)}`;
    }
    case 'shortCertificates':
      return `certificates last ${fault.seconds} s`;
    case 'forbid':
      return `forbidden: ${describeRequests(fault.requests)}`;
    case 'gitops':
      return `GitOps puts the labels of namespace ${fault.namespace} back after ${fault.seconds} s: ${describeLabels(fault.labels)}`;
    case 'cron':
      return `every ${fault.seconds} s a new pod ${fault.name} in ${fault.namespace}`;
    case 'tokenExpired':
      return 'the token of the kubeconfig has expired';
    case 'down':
      return 'the API server is down';
  }
}
