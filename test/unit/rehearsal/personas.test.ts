// The people of a rehearsal: who they are by their tokens and what their roles let them do.
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { kubeconfigText } from '../../../src/rehearsal/kubeconfig.js';
import { bindPersonas, createPersonas, credentialsOfPersonas } from '../../../src/rehearsal/personas.js';
import { startTestApi } from '../../support/rehearsalApi.js';

describe('the people of a rehearsal', () => {
  const personas = createPersonas();
  const tokenOf = (name: string): string => personas.find((persona) => persona.name === name)?.token ?? '';

  it('are users of the kubeconfig that no context names', () => {
    const config = parse(kubeconfigText([{ contextName: 'c1', server: 'https://x', certificateAuthorityPem: 'pem', token: 't' }], 'AA', undefined, personas)) as {
      readonly users: readonly { readonly name: string }[];
      readonly contexts: readonly { readonly name: string }[];
    };
    assert.deepEqual(config.users.map(({ name }) => name), ['c1', 'mesh-viewer', 'app-developer']);
    assert.deepEqual(config.contexts.map(({ name }) => name), ['c1']);
  });

  it('may do what their role says, and without one nothing', async () => {
    const api = await startTestApi({ users: credentialsOfPersonas(personas) });
    bindPersonas(api.cluster.backend.store, personas);
    const codeOf = async (person: string, path: string): Promise<number> => (await api.request(path, { token: tokenOf(person) })).code;
    assert.deepEqual([await codeOf('mesh-viewer', '/api/v1/pods'), await codeOf('mesh-viewer', '/api/v1/secrets')], [200, 403]);
    assert.deepEqual([await codeOf('app-developer', '/api/v1/pods'), await codeOf('app-developer', '/api')], [403, 200]);
    await api.close();
  });
});
