// Kubeconfigs that the extension fetched itself: found in its own folder, by the names that the step gives them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { fetchedKubeconfigs } from '../../src/ui/fetchedKubeconfigs.js';

describe('fetched kubeconfigs', () => {
  let storage: string;

  beforeEach(() => {
    storage = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-fetched-'));
  });
  afterEach(() => {
    fs.rmSync(storage, { recursive: true, force: true });
  });

  it('are none before the first was fetched', async () => {
    assert.deepEqual(await fetchedKubeconfigs(vscode.Uri.file(storage)), []);
  });

  it('are the files of clusters, in order, and nothing else that lies beside them', async () => {
    const folder = path.join(storage, 'kubeconfigs');
    fs.mkdirSync(path.join(folder, 'gke_a_b_folder.yaml'), { recursive: true });
    for (const name of ['gke_p_us-east1-b_two.yaml', 'gke_p_us-central1_one.yaml', 'gke_p_us-central1_one.yaml.lock']) fs.writeFileSync(path.join(folder, name), '');
    const found = await fetchedKubeconfigs(vscode.Uri.file(storage));
    assert.deepEqual(found.map((file) => path.relative(folder, file)), ['gke_p_us-central1_one.yaml', 'gke_p_us-east1-b_two.yaml']);
  });
});
