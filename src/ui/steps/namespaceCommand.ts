// What the commands on namespaces share: their parts, and how they come to know which namespaces are meant.
import type { StepRunner } from '../../app/steps/stepRunner.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import type { Message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { KnownClusters } from './namespacePicker.js';
import { pickNamespaces } from './namespacePicker.js';

export interface NamespaceCommandParts {
  readonly runner: Pick<StepRunner, 'run'>;
  readonly known: KnownClusters;
  readonly text: RenderText;
  /** The namespaces that a tree's item and selection stand for; empty from the palette. */
  readonly targetsOf: (clicked: unknown, selected: unknown) => readonly NamespaceTarget[];
}

/** From what was clicked, else by asking. Empty when the user went away. */
export async function chooseTargets(
  { known, text, targetsOf }: NamespaceCommandParts,
  clicked: unknown,
  selected: unknown,
  title: Message,
): Promise<readonly NamespaceTarget[]> {
  const targets = targetsOf(clicked, selected);
  return targets.length > 0 ? targets : pickNamespaces(known, title, text);
}
