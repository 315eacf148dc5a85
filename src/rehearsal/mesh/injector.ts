// What one revision's injector would write into a pod: read from its two config maps, as istiod itself does.
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import { textAt } from '../api/json.js';
import { readMeshConfig } from './meshConfig.js';

/** Everything that injection takes from the control plane. */
export interface Injector {
  readonly revision: string;
  /** Of the data plane it stamps, such as `1.23.2-asm.2`. */
  readonly version: string;
  readonly proxyImage: string;
  readonly caAddress: string;
  readonly certProvider: string;
  readonly discoveryAddress: string;
  readonly trustDomain: string;
  readonly meshId: string;
  readonly clusterId: string;
  readonly proxyMetadata: Readonly<Record<string, string>>;
  /** istiod's `ENABLE_NATIVE_SIDECARS`. */
  readonly nativeSidecars: boolean;
}

/** Suffix of the names of a revision's objects: none for `default`. */
export function revisionSuffix(revision: string): string {
  return revision === DEFAULT_REVISION ? '' : `-${revision}`;
}

/** Major and minor as one comparable number: 1.16 → 1016. */
export function versionNumber(version: string): number {
  const [major = '0', minor = '0'] = version.split('.');
  return Number(major) * 1000 + Number.parseInt(minor, 10);
}

/** `meshYaml` is key `mesh` of ConfigMap `istio[-REV]`, `valuesJson` key `values` of `istio-sidecar-injector[-REV]`. */
export function readInjector(revision: string, meshYaml: string, valuesJson: string): Injector {
  const mesh = readMeshConfig(meshYaml);
  const values: unknown = valuesJson === '' ? {} : JSON.parse(valuesJson);
  const global = (...path: string[]): string => textAt(values, 'global', ...path);
  const version = global('tag');
  const istiod = `istiod${revisionSuffix(revision)}.istio-system.svc:15012`;
  return {
    revision,
    version,
    proxyImage: `${global('hub')}/${global('proxy', 'image')}:${version}`,
    caAddress: global('caAddress') || istiod,
    certProvider: global('pilotCertProvider') || 'istiod',
    discoveryAddress: mesh.discoveryAddress || istiod,
    trustDomain: mesh.trustDomain,
    meshId: global('meshID') || mesh.trustDomain,
    clusterId: global('multiCluster', 'clusterName') || 'Kubernetes',
    proxyMetadata: mesh.proxyMetadata,
    nativeSidecars: false,
  };
}
