// What asmcli links into its output directory as `istioctl`: says its version and the mesh's, and refuses the rest in its own name.
import { ISTIO_NAMESPACE } from '../../../shared/istioNames.js';
import { listAt, textAt } from '../../api/json.js';
import { RELEASE } from '../asmcli/version.js';
import { createClusterClient } from '../clusterClient.js';
import { contextIn, readKubeconfig } from '../kubeconfigFile.js';
import { absolutePath } from '../standInIo.js';
import type { StandIn, StandInIo } from '../standInIo.js';

const EXIT_REFUSED = 1;

function valueOf(args: readonly string[], name: string): string | undefined {
  const joined = args.find((argument) => argument.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

/** Tags of the istiods in the cluster that the arguments name, each with how many pods have it. */
async function controlPlaneVersions(args: readonly string[], io: StandInIo): Promise<readonly string[]> {
  const file = valueOf(args, '--kubeconfig') ?? io.env.KUBECONFIG ?? '';
  const document = await readKubeconfig(absolutePath(io, file));
  const access = contextIn(document, valueOf(args, '--context') ?? textAt(document, 'current-context'));
  if (access === undefined) return [];
  const pods = await createClusterClient(access).list('Pod', ISTIO_NAMESPACE, 'app=istiod');
  return pods.map((pod) => textAt(listAt(pod, 'spec', 'containers')[0], 'image').split(':').at(-1) ?? '');
}

export const runIstioctl: StandIn = async (args, io) => {
  if (args.find((argument) => !argument.startsWith('-')) !== 'version') {
    io.stderr.write(`Error: the rehearsal's istioctl knows "version" only, not "istioctl ${args.join(' ')}"\n`);
    return EXIT_REFUSED;
  }
  if (args.includes('--remote=false') || args.includes('-s') || args.includes('--short')) {
    io.stdout.write(`${RELEASE}\n`);
    return 0;
  }
  const versions = await controlPlaneVersions(args, io);
  io.stdout.write(`client version: ${RELEASE}\n`);
  if (versions.length === 0) io.stdout.write('no ready Istio pods in "istio-system"\n');
  else io.stdout.write(`control plane version: ${[...new Set(versions)].sort().join(', ')}\n`);
  return 0;
};
