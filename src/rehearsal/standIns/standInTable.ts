// Which other tools the rehearsal's program stands in for, by the name under which it is started.
import { runAsmcli } from './asmcli/asmcli.js';
import { runGcloud } from './gcloud/gcloud.js';
import { runIstioctl } from './istioctl/istioctl.js';
import type { StandIn } from './standInIo.js';


export const STAND_INS: Readonly<Record<string, StandIn>> = { asmcli: runAsmcli, gcloud: runGcloud, istioctl: runIstioctl };

/** Those with a launcher in the `bin` of a rehearsal's terminals; istioctl is left by asmcli in its output directory, as in life. */
export const STAND_INS_ON_PATH: readonly string[] = ['asmcli', 'gcloud'];
