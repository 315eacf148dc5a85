// All adapters of the migration's evidence over one set of connections.
import type { EvidencePorts } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import type { ClusterConnections } from './clusterConnection.js';
import { ConfigMapRecords } from './configMapRecords.js';
import { KubernetesIdentityObjectReader } from './identityObjectReader.js';
import { DryRunInjectionForecaster } from './injectionForecaster.js';
import { KubernetesPermissionReviewer } from './permissionReviewer.js';
import { KubernetesGateObjectReader } from './readGateObjects.js';
import { FileSecretBackups } from './secretBackups.js';

export function createEvidenceAdapters(connections: ClusterConnections, clock: Clock): EvidencePorts {
  return {
    records: new ConfigMapRecords(connections, clock),
    permissions: new KubernetesPermissionReviewer(connections, clock),
    injectionForecaster: new DryRunInjectionForecaster(connections, clock),
    secretBackups: new FileSecretBackups(connections, clock),
    gateObjects: new KubernetesGateObjectReader(connections, clock),
    identityObjects: new KubernetesIdentityObjectReader(connections, clock),
  };
}
