// The API server's call of a webhook of istiod: to whom it goes at this moment, and how it fails.
import { isServerTrusted } from './controlPlane.js';
import type { Istiods, RunningIstiod } from './istiods.js';
import type { InjectionWebhook } from './webhookMatch.js';

/** The API server's words when a webhook cannot be called. */
export function callFailure(webhook: InjectionWebhook, reason: string): string {
  const { name = '', namespace = '', path = '/', port = 443 } = webhook.clientConfig.service ?? {};
  const url = `https://${name}.${namespace}.svc:${port}${path}?timeout=${webhook.timeoutSeconds ?? 10}s`;
  return `failed calling webhook "${webhook.name}": failed to call webhook: Post "${url}": ${reason}`;
}

/** Whoever stands behind the webhook's Service answers, whatever revision the webhook was made for. */
export function callWebhook(
  webhook: InjectionWebhook,
  istiods: Istiods,
): { readonly istiod: RunningIstiod } | { readonly failure: string } {
  const { service, caBundle = '' } = webhook.clientConfig;
  const { name = '', namespace = '' } = service ?? {};
  const behind = istiods.behindService(namespace, name);
  if (behind === undefined) return { failure: callFailure(webhook, `service "${name}" not found`) };
  const [istiod] = behind;
  if (istiod === undefined) return { failure: callFailure(webhook, `no endpoints available for service "${name}"`) };
  if (isServerTrusted(Buffer.from(caBundle, 'base64').toString(), istiod.controlPlane)) return { istiod };
  return { failure: callFailure(webhook, 'tls: failed to verify certificate: x509: certificate signed by unknown authority') };
}
