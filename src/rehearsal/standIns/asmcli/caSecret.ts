// Secret `cacerts` from the user's four files: the root switch (install_custom_certificates in asmcli/components/ca/citadel.sh).
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET } from '../../../shared/istioNames.js';
import type { KubeObject } from '../../kubeObject.js';
import type { CustomCertificates } from './customCertificates.js';
import type { AsmcliRun } from './run.js';

/**
 * As `kubectl create secret generic --from-file`: each key is the name of the user's file. With other names than
 * `ca-cert.pem` and so on, istiod finds no plugged-in CA in it and signs by itself.
 */
export function caSecretOf({ caCert, caKey, rootCert, certChain }: CustomCertificates): KubeObject {
  const data = Object.fromEntries(
    [caCert, caKey, rootCert, certChain].map((file) => [basename(file), readFileSync(file).toString('base64')]),
  );
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: PLUGGED_IN_CA_SECRET, namespace: ISTIO_NAMESPACE },
    type: 'Opaque',
    data,
  };
}

/** Ends asmcli when the Secret is there already. */
export async function installCertificates(run: AsmcliRun, certificates: CustomCertificates): Promise<void> {
  const { say, cluster, io } = run;
  if ((await cluster.get('Secret', ISTIO_NAMESPACE, PLUGGED_IN_CA_SECRET)) !== undefined) {
    say.error('Custom certificates already exist in the cluster. Please remove the');
    say.error("'cacerts' secret from the 'istio-system' namespace and try again.");
    say.error('If you want to keep the same custom certificates, re-run the script');
    say.fatal('without any of the custom certificate flags.');
  }
  say.info('Installing certificates into the cluster...');
  await run.does(`kubectl create secret generic ${PLUGGED_IN_CA_SECRET} -n ${ISTIO_NAMESPACE}`, async () => {
    await cluster.create(caSecretOf(certificates));
    io.stdout.write(`secret/${PLUGGED_IN_CA_SECRET} created\n`);
  });
}
