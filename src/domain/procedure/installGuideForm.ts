// The guide's own `asmcli install`, filled in, beside ours: what differs and why it would fail or break something.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { CaFiles } from './caFiles.js';
import type { Install } from './install.js';
import type { GuideForm } from './procedureStep.js';

/** What the guide leaves to fill in where the plan has no file. */
const PLACEHOLDERS: CaFiles = {
  caCert: 'CA_CERT_FILE_PATH',
  caKey: 'CA_KEY_FILE_PATH',
  rootCert: 'ROOT_CERT_FILE_PATH',
  certChain: 'CERT_CHAIN_FILE_PATH',
};

/** Never offered to be run: it names no context, and its certificate flags are a root switch or end asmcli. */
export function installGuideForm(install: Install): GuideForm {
  return install.id === 'install-revision-1' ? firstForm(install) : secondForm(install);
}

function firstForm({ plan, planned, revision }: Install): GuideForm {
  const files = planned.caFiles ?? PLACEHOLDERS;
  return {
    lines: [
      './asmcli install \\',
      `  --fleet_id ${plan.fleetProject} \\`,
      `  --kubeconfig ${planned.ref.kubeconfig} \\`,
      '  --enable_all \\',
      '  --ca citadel \\',
      `  --ca_cert ${files.caCert} \\`,
      `  --ca_key ${files.caKey} \\`,
      `  --root_cert ${files.rootCert} \\`,
      `  --cert_chain ${files.certChain} \\`,
      '  --option ca-migration-citadel \\',
      `  --revision_name ${revision} \\`,
      `  --output_dir ${planned.outputDirectory}`,
    ],
    reasons: [...(planned.caFiles === undefined ? [message('doctor.install.rootSwitch')] : []), ...commonReasons(planned.overlays)],
    commands: undefined,
  };
}

function secondForm({ plan, planned, revision }: Install): GuideForm {
  const files = planned.caFiles ?? PLACEHOLDERS;
  return {
    lines: [
      './asmcli install \\',
      `  --fleet_id ${plan.fleetProject} \\`,
      `  --kubeconfig ${planned.ref.kubeconfig} \\`,
      `  --output_dir ${planned.outputDirectory} \\`,
      '  --enable_all \\',
      '  --ca mesh_ca \\',
      `  --root_cert ${files.rootCert} \\`,
      // As printed: without the backslash the shell ends the command here.
      `  --cert_chain ${files.certChain}`,
      '  --option ca-migration-meshca \\',
      ` --revision_name ${revision} \\`,
      ` --output_dir ${planned.outputDirectory} \\`,
      ` ${planned.overlays.length === 0 ? 'OVERLAYS' : planned.overlays.map((overlay) => `--custom_overlay ${overlay}`).join(' ')}`,
    ],
    reasons: [
      message('doctor.install.certFlagsWithMeshCa'),
      message('doctor.install.missingBackslash'),
      message('doctor.install.outputDirTwice'),
      message('doctor.install.optionName'),
      ...commonReasons([]),
    ],
    commands: undefined,
  };
}

function commonReasons(overlays: readonly string[]): readonly Message[] {
  return [message('doctor.install.context'), ...(overlays.length === 0 ? [] : [message('doctor.install.overlays')])];
}
