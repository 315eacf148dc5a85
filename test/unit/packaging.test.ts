// What is shipped: a list of its own, so that a change of .vscodeignore cannot let something slip into the package or out of it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { readText } from '../support/repository.js';

const repository = process.env.MESH_CA_REPOSITORY ?? process.cwd();

const required = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/adapters.js',
  'dist/cli.js',
  'dist/en.js',
  'dist/extension.js',
  'dist/ko.js',
  'dist/migration.js',
  'dist/panel.js',
  'dist/rehearsal.js',
  'dist/step.js',
  'dist/trust.js',
  'dist/trustKo.js',
  'media/mesh-ca-plan.schema.json',
  'media/mesh.svg',
  'media/screenshots/trust-after-migrate.png',
  'media/screenshots/migration-phase-1.png',
  'media/trust.css',
  'package.json',
  'package.nls.json',
  'package.nls.ko.json',
];

const allowedBesides = [/^media\/(walkthrough\/)?[\w-]+\.(svg|css)$/];

describe('the package', () => {
  const vsce = path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce');
  const files = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: repository, encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().replaceAll('\\', '/'))
    .filter((line) => line !== '');

  it('holds everything that runs, in both languages, and the documents a user reads', () => {
    assert.deepEqual(
      required.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('holds nothing that is not on the list', () => {
    const unexpected = files.filter((file) => !required.includes(file) && !allowedBesides.some((pattern) => pattern.test(file)));
    assert.deepEqual(unexpected, []);
  });

  it('holds every picture of the walkthrough', () => {
    const pictures = [...readText('package.json').matchAll(/"svg": "([^"]+)"/g)].map(([, file]) => file ?? '');
    assert.ok(pictures.length > 0);
    assert.deepEqual(pictures.filter((file) => !files.includes(file)), []);
  });

  it('holds every picture that README shows, and no other screenshot', () => {
    const shown = [...readText('README.md').matchAll(/\]\((media\/[^)]+\.png)\)/g)].map(([, file]) => file ?? '');
    assert.deepEqual(files.filter((file) => file.endsWith('.png')).sort(), shown.sort());
  });
});
