// What the annotations of a pod, or of the template that it comes from, say of its proxy: without Envoy, or with certificates of its own.
import { INJECTION_TEMPLATES_ANNOTATION, PROXY_CONFIG_ANNOTATION } from '../../shared/istioNames.js';
import type { Labels } from '../mesh/facts.js';

interface Annotated {
  readonly annotations: Labels;
}

/** Proxyless gRPC: the agent is there, Envoy is not (Istio's injection template `grpc-agent`). */
export function isProxyless({ annotations }: Annotated): boolean {
  return templatesOf(annotations).some((template) => template.startsWith('grpc'));
}

/** SPIRE's integration hands out certificates through the injection template `spire`. */
export function hasSpireTemplate({ annotations }: Annotated): boolean {
  return templatesOf(annotations).some((template) => template.includes('spire'));
}

/** The agent's switch for certificates from files, as proxy metadata: it asks no CA then (istio, pilot-agent `FILE_MOUNTED_CERTS`). */
const FILE_MOUNTED = /FILE_MOUNTED_CERTS["']?\s*:\s*["']?true\b/iu;

/** Whether pods made from it would hold certificates that no control plane hands out. */
export function bringsOwnCertificates(template: Annotated): boolean {
  return hasSpireTemplate(template) || FILE_MOUNTED.test(template.annotations[PROXY_CONFIG_ANNOTATION] ?? '');
}

function templatesOf(annotations: Labels): readonly string[] {
  return annotations[INJECTION_TEMPLATES_ANNOTATION]?.split(',').map((template) => template.trim()) ?? [];
}
