// Asks the user whether an application works after its namespace has moved; the answer is kept in the cluster.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterName } from '../../domain/cluster.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import { askForOne } from '../steps/choiceBox.js';

/** Undefined when the user went away: then nothing is kept. */
export async function askWhetherItWorks(cluster: ClusterRef, namespace: string, text: RenderText): Promise<boolean | undefined> {
  return askForOne({
    title: text(message('migration.test.ask', { namespace, cluster: clusterName(cluster) })),
    placeholder: text(message('migration.test.hint')),
    choices: [
      { label: `$(pass) ${text(message('migration.test.works'))}`, value: true },
      { label: `$(error) ${text(message('migration.test.fails'))}`, value: false },
    ],
  });
}
