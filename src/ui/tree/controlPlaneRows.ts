// Draws control planes and gateways.
import { CONTEXT_VALUES } from '../../contributions.js';
import type { ControlPlaneView } from '../../domain/mesh/controlPlanes.js';
import { controlPlane } from '../../domain/mesh/controlPlanes.js';
import { gateways } from '../../domain/mesh/gateways.js';
import { workloadKey } from '../../domain/mesh/workloadView.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { RowParts } from './row.js';
import { joinParts, presentParts } from './row.js';
import { revisionsText } from './workloadRows.js';

export function controlPlaneRow(snapshot: ClusterSnapshot, revision: string, text: RenderText): RowParts | undefined {
  const view = controlPlane(snapshot, revision);
  if (view === undefined) return undefined;
  const state = stateText(view, text);
  const proxies = view.proxies === undefined ? undefined : text(message('clusters.proxies', { proxies: view.proxies }));
  const signer = view.istiods.length === 0 ? undefined : signerText(view, text);
  return {
    label: revision,
    description: joinParts([state === undefined ? undefined : `⚠ ${state}`, view.version, proxies, signer]),
    ...(state === undefined ? { icon: 'settings-gear' } : { icon: 'warning', color: 'list.warningForeground' as const }),
    tooltip: [
      revision,
      ...presentParts([state, view.version, signer, proxies]),
      text(message('clusters.ready', { ready: view.ready, desired: view.desired })),
      ...(view.isDefaultInjector ? [text(message('clusters.defaultInjector'))] : []),
      ...view.tags.map((tag) => text(message('clusters.tag', { tag }))),
      ...configLines(view, text),
      text(message('clusters.configuredNotProven')),
    ],
    contextValue: CONTEXT_VALUES.controlPlane,
  };
}

function stateText({ istiods, ready }: ControlPlaneView, text: RenderText): string | undefined {
  if (istiods.length === 0) return text(message('clusters.noIstiod'));
  return ready === 0 ? text(message('clusters.istiodNotReady')) : undefined;
}

function signerText({ signer, meshCaRoot }: ControlPlaneView, text: RenderText): string {
  const signs = {
    istioCa: message('clusters.signer.istioCa'),
    meshCa: message('clusters.signer.meshCa'),
    unknown: message('clusters.signer.unknown'),
  }[signer];
  const root = {
    handedOut: message('clusters.meshCaRoot.handedOut'),
    configuredOnly: message('clusters.meshCaRoot.configuredOnly'),
    no: undefined,
    unknown: undefined,
  }[meshCaRoot];
  return root === undefined ? text(signs) : `${text(signs)}, ${text(root)}`;
}

function configLines({ config }: ControlPlaneView, text: RenderText): readonly string[] {
  if (config === undefined) return [text(message('clusters.meshConfig.unknown'))];
  if (config.unreadable !== undefined) return [text(message('clusters.meshConfig.unreadable', { name: config.name, reason: config.unreadable }))];
  const domains = [config.trustDomain, ...config.trustDomainAliases].join(', ');
  return [text(message('clusters.trustDomains', { domains }))];
}

export function gatewayRow(snapshot: ClusterSnapshot, namespace: string, key: string, text: RenderText): RowParts | undefined {
  const view = gateways(snapshot).find((candidate) => candidate.namespace === namespace && workloadKey(candidate.workload) === key);
  if (view === undefined) return undefined;
  const { workload, services } = view;
  const revisions = revisionsText(workload, text);
  const [service] = services;
  const endpoints = service === undefined ? text(message('clusters.noService')) : text(message('clusters.endpoints', service));
  const idle = workload.ready === 0;
  return {
    label: `${workload.name} (${namespace})`,
    description: joinParts([idle ? `⚠ ${text(message('clusters.noReadyPod'))}` : undefined, revisions, endpoints]),
    ...(idle ? { icon: 'warning', color: 'list.warningForeground' as const } : { icon: 'globe' }),
    tooltip: [
      `${workload.name} (${namespace})`,
      ...presentParts([revisions]),
      text(message('clusters.ready', { ready: workload.ready, desired: workload.desired })),
      ...services.map(({ name, own, all }) => text(message('clusters.serviceEndpoints', { name, own, all }))),
    ],
    contextValue: CONTEXT_VALUES.gateway,
  };
}
