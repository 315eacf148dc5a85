// The trust domains that a Mesh CA control plane accepts beside its own (configure_trust_domain_aliases in asmcli/components/ca/mesh-ca.sh).
import { DEFAULT_REVISION, ISTIO_NAMESPACE, REVISION_LABEL } from '../../../shared/istioNames.js';
import { textAt } from '../../api/json.js';
import { readMeshConfig } from '../../mesh/meshConfig.js';
import { revisionSuffix } from '../../mesh/injector.js';
import type { AsmcliRun } from './run.js';

/** Those of the istiod found: the first pod's, whichever revision that is of. */
async function aliasesInUse({ cluster }: AsmcliRun): Promise<readonly string[]> {
  const [pod] = await cluster.list('Pod', ISTIO_NAMESPACE, 'app=istiod');
  if (pod === undefined) return [];
  const revision = pod.metadata.labels?.[REVISION_LABEL] ?? DEFAULT_REVISION;
  const config = await cluster.get('ConfigMap', ISTIO_NAMESPACE, `istio${revisionSuffix(revision)}`);
  return readMeshConfig(textAt(config, 'data', 'mesh')).trustDomainAliases;
}

export async function trustDomainAliases(run: AsmcliRun): Promise<readonly string[]> {
  const { fleet, cluster } = run.request;
  const wanted = [`${fleet}.svc.id.goog`, `${fleet}.hub.id.goog`, `${cluster.project}.svc.id.goog`, ...(await aliasesInUse(run))];
  const aliases: string[] = [];
  for (const alias of wanted) {
    // As asmcli tests it: one that is part of another is taken for known and left out.
    if (!aliases.join(' ').includes(alias)) aliases.push(alias);
  }
  return aliases;
}
