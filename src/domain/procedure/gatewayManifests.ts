// The manifests of a gateway that is deleted: saved as the API server has them right before, in one file, so that an undo or the
// rollback of the phase can put them back.
import type { ClusterRef } from '../cluster.js';
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
  readonly file: string;
  readonly save: CommandSpec;
  /** kubectl takes the old resourceVersion out of what it creates, and the API server gives a uid anew (kubectl create; registry, rest.BeforeCreate). */
  readonly putBack: CommandSpec;
}

/** A gateway's Deployment by its place, whether or not it is still there. */
export interface GatewayPlace {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly name: string;
}

/** As kubectl names them: what the deletion names, in the order in which it has to come back. */
function objectsOf(gateway: OrderedGateway): readonly string[] {
  // Its controller makes everything else of it.
  if (gateway.gatewayApi !== undefined) return [`gateways.gateway.networking.k8s.io/${gateway.gatewayApi}`];
  const { autoscalers, budgets } = gatewayScaling(gateway);
  return [`deployment/${gateway.name}`, ...budgets.map((name) => `poddisruptionbudget/${name}`), ...autoscalers.map((name) => `horizontalpodautoscaler/${name}`)];
}

/** Beside the backups, or in the extension's own folder. Oldest first; none without a folder. */
function candidates({ plan, tools }: MeshSituation, { cluster, namespace, name }: GatewayPlace): readonly string[] {
  const folder = plan?.backupDirectory ?? (tools.storage === undefined ? undefined : joinPath(tools.storage, 'undo'));
  if (folder === undefined) return [];
  const numbers = Array.from({ length: MOST_FILES }, (_, index) => (index === 0 ? '' : `-${index + 1}`));
  return numbers.map((number) => joinPath(folder, fileNameOf(cluster), `gateway-${namespace}-${name}${number}.yaml`));
}

export function placeOf({ cluster, namespace, name }: OrderedGateway): GatewayPlace {
  return { cluster, namespace: namespace.name, name };
}

/** What has to be read before its manifests are kept, or put back. */
export function manifestRequests(situation: MeshSituation, place: GatewayPlace): readonly InspectionRequest[] {
  return candidates(situation, place).map((path) => ({ kind: 'path', path }));
}

/** Undefined without a folder, or a free name in it. */
export function keptManifests(situation: MeshSituation, gateway: OrderedGateway): KeptManifests | undefined {
  const { cluster, namespace } = gateway;
  const isFree = (path: string): boolean => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'absent';
  const file = candidates(situation, placeOf(gateway)).find(isFree);
  if (file === undefined) return undefined;
  const save = kubectl(situation, cluster, 'get', ...objectsOf(gateway), '-n', namespace.name, '-o', 'yaml');
  return { file, save: { ...save, stdoutFile: file }, putBack: putBack(situation, cluster, file) };
}

export function putBack(situation: MeshSituation, cluster: ClusterRef, file: string): CommandSpec {
  return kubectl(situation, cluster, 'create', '-f', file);
}

/** The file that the last deletion of this gateway left; undefined where there is none, or nobody has looked. */
export function newestManifests(situation: MeshSituation, place: GatewayPlace): string | undefined {
  const isThere = (path: string): boolean => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'present';
  return [...candidates(situation, place)].reverse().find(isThere);
}
