// asmcli's last words: what to do next, and where everything lies (outro in asmcli/commands/install.sh).
import { join } from 'node:path';
import type { AsmcliRun } from './run.js';
import { ISTIOCTL_PATH } from './version.js';

const STARLINE = '*****************************';

export function sayWhatIsWhere({ request, say }: AsmcliRun, directory: string): void {
  const { revision } = request;
  say.info('');
  for (const line of [
    STARLINE,
    STARLINE,
    'The ASM control plane installation is now complete.',
    'To enable automatic sidecar injection on a namespace, you can use the following command:',
    `kubectl label namespace <NAMESPACE> istio-injection- istio.io/rev=${revision} --overwrite`,
    "If you use 'istioctl install' afterwards to modify this installation, you will need",
    `to specify the option '--set revision=${revision}' to target this control plane`,
    'instead of installing a new one.',
    'To finish the installation, enable Istio sidecar injection and restart your workloads.',
    'For more information, see:',
    'https://cloud.google.com/service-mesh/docs/proxy-injection',
    'The ASM package used for installation can be found at:',
    join(directory, 'asm'),
    'The version of istioctl that matches the installation can be found at:',
    join(directory, ISTIOCTL_PATH),
    'A symlink to the istioctl binary can be found at:',
    join(directory, 'istioctl'),
    'The combined configuration generated for installation can be found at:',
    join(directory, `${revision}-manifest-raw.yaml`),
    'The full, expanded set of kubernetes resources can be found at:',
    join(directory, `${revision}-manifest-expanded.yaml`),
    STARLINE,
  ]) {
    say.info(line);
  }
  say.info('Successfully installed ASM.');
}
