// The short usage of asmcli, which it also prints with refusals, and the one of its experimental subcommands (asmcli/commands/help.sh).
import { ASMCLI_VERSION } from './version.js';

export const SHORT_USAGE = `asmcli ${ASMCLI_VERSION}
usage: asmcli [SUBCOMMAND] [OPTION]...

Set up, validate, and install ASM in a Google Cloud environment.
Use -h|--help with -v|--verbose to show detailed descriptions.

SUBCOMMANDS:
  install
  validate
  create-mesh
  build-offline-package

OPTIONS:
  -l|--cluster_location  <LOCATION>
  -n|--cluster_name      <NAME>
  -p|--project_id        <ID>
  --kc|--kubeconfig      <KUBECONFIG_FILE>
  --ctx|--context        <CONTEXT>
  --fleet_id             <FLEET ID>
  --network_id           <NETWORK ID>
  -c|--ca                <CA>

  -o|--option            <FILE NAME>
  -s|--service_account   <ACCOUNT>
  -k|--key_file          <FILE PATH>
  -D|--output_dir        <DIR PATH>
  --co|--custom_overlay  <FILE NAME>

  --ca_cert              <FILE PATH>
  --ca_key               <FILE PATH>
  --root_cert            <FILE PATH>
  --cert_chain           <FILE PATH>
  --ca_pool              <CA POOL>
  -r|--revision_name     <REVISION NAME>
  --platform             <PLATFORM>
  --channel              <CHANNEL>

FLAGS:
  --disable_ui
  -e|--enable_all
     --enable_cluster_roles
     --enable_cluster_labels
     --enable_gcp_apis
     --enable_gcp_iam_roles
     --enable_gcp_components
     --enable_meshconfig_init
     --enable_registration
     --enable_namespace_creation

     --managed
     --use_vpcsc

     --offline

     --print_config
     --disable_canonical_service
  --managed_certificates
  -v|--verbose
     --dry_run
     --only_validate
     --only_enable
  -h|--help
  --version
`;

export const EXPERIMENTAL_USAGE = `asmcli ${ASMCLI_VERSION}
usage: asmcli experimental [SUBCOMMAND] [OPTION]...

Use features/services in beta or preview states. Can also be accessed using
'x' as a short version of 'experimental'.

SUBCOMMANDS:
  vm                                  Functions to configure a mesh to
                                      allow external VM workloads.
  mcp-migrate-check                   Checks IstioOperator config for
                                      compatibility with a Google managed
                                      control plane and generates new config
                                      where possible.
`;
