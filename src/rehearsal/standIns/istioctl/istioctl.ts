// What asmcli links into its output directory as `istioctl`: says its version and the mesh's, moves revision tags, and refuses the
// rest in its own name.
import { ISTIO_NAMESPACE } from '../../../shared/istioNames.js';
import { listAt, textAt } from '../../api/json.js';
import { RELEASE } from '../asmcli/version.js';
import { createClusterClient } from '../clusterClient.js';
import type { ClusterClient } from '../clusterClient.js';
import { contextIn, readKubeconfig } from '../kubeconfigFile.js';
import { absolutePath } from '../standInIo.js';
import type { StandIn, StandInIo } from '../standInIo.js';
import { setTag } from './setTag.js';

const EXIT_REFUSED = 1;

function valueOf(args: readonly string[], name: string): string | undefined {
  const joined = args.find((argument) => argument.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = args.indexOf(name);
  return at < 0 ? undefined : args[at + 1];
}

/** Undefined where the kubeconfig has no such context. */
async function clusterOf(args: readonly string[], io: StandInIo): Promise<ClusterClient | undefined> {
  const file = valueOf(args, '--kubeconfig') ?? io.env.KUBECONFIG ?? '';
  const document = await readKubeconfig(absolutePath(io, file));
  const access = contextIn(document, valueOf(args, '--context') ?? textAt(document, 'current-context'));
  return access && createClusterClient(access);
}

/** Tags of the images of the istiods in the cluster, one for each pod. */
async function controlPlaneVersions(args: readonly string[], io: StandInIo): Promise<readonly string[]> {
  const pods = (await (await clusterOf(args, io))?.list('Pod', ISTIO_NAMESPACE, 'app=istiod')) ?? [];
  return pods.map((pod) => textAt(listAt(pod, 'spec', 'containers')[0], 'image').split(':').at(-1) ?? '');
}

function refuse(args: readonly string[], io: StandInIo): number {
  io.stderr.write(`Error: the rehearsal's istioctl knows "version" and "tag set" only, not "istioctl ${args.join(' ')}"\n`);
  return EXIT_REFUSED;
}

async function runTag(args: readonly string[], io: StandInIo): Promise<number> {
  const [, verb, tag] = args.filter((argument) => !argument.startsWith('-'));
  const revision = valueOf(args, '--revision') ?? valueOf(args, '-r');
  if (verb !== 'set' || tag === undefined || revision === undefined) return refuse(args, io);
  const cluster = await clusterOf(args, io);
  if (cluster === undefined) {
    io.stderr.write(`Error: context "${valueOf(args, '--context') ?? ''}" does not exist\n`);
    return EXIT_REFUSED;
  }
  const done = await setTag(cluster, { tag, revision, overwrite: args.includes('--overwrite') });
  (done.ok ? io.stdout : io.stderr).write(done.text);
  return done.ok ? 0 : EXIT_REFUSED;
}

export const runIstioctl: StandIn = async (args, io) => {
  const command = args.find((argument) => !argument.startsWith('-'));
  if (command === 'tag') return runTag(args, io);
  if (command !== 'version') return refuse(args, io);
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
