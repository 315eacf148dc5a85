// The manifests of a gateway that is deleted: saved as the API server has them right before, so that an undo can put them back.
import type { CommandSpec } from '../steps/commandSpec.js';
import type { OrderedGateway } from './gatewayParts.js';
import { gatewayScaling } from './gatewayParts.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation } from './procedureStep.js';
import { fileNameOf, joinPath, kubectl } from './situationParts.js';

/** Files are never overwritten: a later deletion gets the next of these names. */
const MOST_FILES = 9;

export interface KeptManifests {
  readonly files: readonly string[];
  readonly save: readonly CommandSpec[];
  /** kubectl takes the old resourceVersion out of what it creates, and the API server gives a uid anew (kubectl create; registry, rest.BeforeCreate). */
  readonly putBack: readonly CommandSpec[];
}

interface Kept {
  readonly kind: string;
  readonly name: string;
}

/** Of what the deletion names, in the order in which it has to come back. */
function objectsOf(gateway: OrderedGateway): readonly Kept[] {
  // Its controller makes everything else of it.
  if (gateway.gatewayApi !== undefined) return [{ kind: 'gateways.gateway.networking.k8s.io', name: gateway.gatewayApi }];
  const { autoscalers, budgets } = gatewayScaling(gateway);
  const all = (kind: string, names: readonly string[]): readonly Kept[] => names.map((name) => ({ kind, name }));
  return [...all('deployment', [gateway.name]), ...all('poddisruptionbudget', budgets), ...all('horizontalpodautoscaler', autoscalers)];
}

/** Beside the backups, or in the extension's own folder. Oldest first; none without a folder. */
function candidates({ plan, tools }: MeshSituation, { cluster, namespace }: OrderedGateway, { kind, name }: Kept): readonly string[] {
  const folder = plan?.backupDirectory ?? (tools.storage === undefined ? undefined : joinPath(tools.storage, 'undo'));
  if (folder === undefined) return [];
  const file = [kind.replace(/\..*/, ''), namespace.name, name].join('-');
  return Array.from({ length: MOST_FILES }, (_, index) => joinPath(folder, fileNameOf(cluster), `${file}${index === 0 ? '' : `-${index + 1}`}.yaml`));
}

export function manifestRequests(situation: MeshSituation, gateway: OrderedGateway): readonly InspectionRequest[] {
  return objectsOf(gateway).flatMap((one) => candidates(situation, gateway, one)).map((path) => ({ kind: 'path', path }));
}

/** All of them or none: half a gateway is no undo. */
export function keptManifests(situation: MeshSituation, gateway: OrderedGateway): KeptManifests {
  const { cluster, namespace } = gateway;
  const isFree = (path: string): boolean => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'absent';
  const objects = objectsOf(gateway);
  const found = objects.flatMap((one) => {
    const file = candidates(situation, gateway, one).find(isFree);
    return file === undefined ? [] : [{ ...one, file }];
  });
  if (found.length < objects.length) return { files: [], save: [], putBack: [] };
  return {
    files: found.map(({ file }) => file),
    save: found.map(({ kind, name, file }) => ({ ...kubectl(situation, cluster, 'get', kind, name, '-n', namespace.name, '-o', 'yaml'), stdoutFile: file })),
    putBack: found.map(({ file }) => kubectl(situation, cluster, 'create', '-f', file)),
  };
}
