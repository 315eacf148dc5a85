// What `kubectl get services` shows of addresses and ports (`getServiceExternalIP` and `makePortString` of the real printers).
import type { StoredObject } from '../kubeObject.js';
import { listAt, numberAt, textAt } from './json.js';

export function portList(service: StoredObject): string {
  const ports = listAt(service, 'spec', 'ports').map((port) => {
    const nodePort = numberAt(port, 0, 'nodePort');
    const number = numberAt(port, 0, 'port');
    const protocol = textAt(port, 'protocol') || 'TCP';
    return nodePort > 0 ? `${number}:${nodePort}/${protocol}` : `${number}/${protocol}`;
  });
  return ports.length === 0 ? '<none>' : ports.join(',');
}

export function externalAddress(service: StoredObject): string {
  const type = textAt(service, 'spec', 'type');
  if (type === 'ExternalName') return textAt(service, 'spec', 'externalName');
  const fixed = listAt(service, 'spec', 'externalIPs').map(String);
  const ingress = listAt(service, 'status', 'loadBalancer', 'ingress').map((entry) => textAt(entry, 'ip') || textAt(entry, 'hostname'));
  const addresses = type === 'LoadBalancer' ? [...ingress, ...fixed] : fixed;
  if (addresses.length > 0) return addresses.join(',');
  return type === 'LoadBalancer' ? '<pending>' : '<none>';
}
