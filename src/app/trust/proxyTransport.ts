// Reads which way into the pods somebody chose, in a setting or on the command line.
import type { ProxyTransport } from '../ports.js';

/** As the command line spells them. */
export const TRANSPORT_OPTIONS = ['automatic', 'port-forward', 'exec', 'istioctl'] as const;

/** Either spelling; what is neither, as a hand-edited setting may be, counts as automatic. */
export function readProxyTransport(text: string): ProxyTransport {
  if (text === 'portForward' || text === 'port-forward') return 'portForward';
  return text === 'exec' || text === 'istioctl' ? text : 'automatic';
}
