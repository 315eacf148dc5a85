// asmcli's output directory: made or taken over, filled with the release and the package, and refused when it is of another version.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FOLDER_VARIABLE } from '../../control/controlFile.js';
import type { MeshFile } from '../meshFile.js';
import { absolutePath } from '../standInIo.js';
import type { StandInIo } from '../standInIo.js';
import type { AsmcliConsole } from './console.js';
import { packageFiles } from './optionFiles.js';
import type { PackageSettings } from './optionFiles.js';
import type { AsmcliRequest } from './request.js';
import { ASMCLI_VERSION, ISTIO_FOLDER, ISTIOCTL_PATH } from './version.js';

const STARLINE = '*****************************';
const VERSION_FILE = '.asm_version';
const SETTINGS_FILE = '.asm_settings';

/** Absolute path of the directory that this run works in. */
export function openOutputDirectory(outputDir: string | undefined, io: StandInIo, say: AsmcliConsole): string {
  say.info('Setting up necessary files...');
  if (outputDir === undefined) {
    say.info('Creating temp directory...');
    const made = mkdtempSync(join(tmpdir(), 'tmp.'));
    say.info('');
    say.info(STARLINE);
    say.info('No output folder was specified with --output_dir|-D, so configuration and');
    say.info('binaries will be stored in the following directory.');
    say.info(made);
    say.info(STARLINE);
    say.info('');
    return made;
  }
  const path = absolutePath(io, outputDir);
  const present = statSync(path, { throwIfNoEntry: false });
  if (present !== undefined && !present.isDirectory()) {
    say.fatal(`${path} exists and is not a directory, please specify another directory.`);
  }
  try {
    mkdirSync(path, { recursive: true });
  } catch {
    say.fatal(`Failed to create directory ${path}`);
  }
  return path;
}

function quoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`;
}

function installIstioctl(directory: string, mesh: MeshFile): void {
  const file = join(directory, ISTIOCTL_PATH);
  mkdirSync(dirname(file), { recursive: true });
  const start = `ELECTRON_RUN_AS_NODE=1 ${FOLDER_VARIABLE}=${quoted(mesh.folder)}`;
  writeFileSync(file, `#!/bin/sh\n${start} exec ${quoted(mesh.node)} ${quoted(mesh.script)} istioctl "$@"\n`, { mode: 0o755 });
  const link = join(directory, 'istioctl');
  rmSync(link, { force: true });
  symlinkSync(ISTIOCTL_PATH, link);
}

function isDownloaded(directory: string, say: AsmcliConsole): boolean {
  if (!existsSync(join(directory, ISTIOCTL_PATH)) || !existsSync(join(directory, 'asm/istio/istio-operator.yaml'))) return false;
  const versionFile = join(directory, VERSION_FILE);
  if (!existsSync(versionFile)) {
    say.warn(`Re-using existing configuration in ${directory}.`);
    say.warn('If this was unintentional, please re-run with a different output directory.');
    return true;
  }
  const existing = readFileSync(versionFile, 'utf8').trim();
  if (existing !== ASMCLI_VERSION) {
    say.fatal(
      `The existing configuration in ${directory} is from a different version.\nExisting: ${existing}\n` +
        `Current: ${ASMCLI_VERSION}\nPlease try again and specify a different output directory.`,
    );
  }
  return true;
}

/** istioctl and its link, the version file, and word of what would be downloaded. */
export function downloadRelease(directory: string, ca: string, mesh: MeshFile, say: AsmcliConsole): void {
  if (!isDownloaded(directory, say)) {
    say.info('Downloading ASM..');
    installIstioctl(directory, mesh);
    mkdirSync(join(directory, ISTIO_FOLDER, 'samples'), { recursive: true });
    writeFileSync(join(directory, VERSION_FILE), `${ASMCLI_VERSION}\n`);
  }
  const settings = join(directory, SETTINGS_FILE);
  const before = existsSync(settings) ? readFileSync(settings, 'utf8').trim() : undefined;
  if (before === `0 ${ca}`) return;
  if (before !== undefined) say.warn('Configuration has changed since last run, scheduling re-download of kpt package');
  say.info('Downloading ASM kpt package...');
  mkdirSync(join(directory, 'samples'), { recursive: true });
  writeFileSync(settings, `0 ${ca}\n`);
}

/** Writes `asm/istio` with this run's settings, over whatever an earlier run left there. */
export function configurePackage(directory: string, request: AsmcliRequest, settings: PackageSettings): void {
  for (const [path, text] of Object.entries(packageFiles(request, settings))) {
    const file = join(directory, 'asm/istio', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * The files that istioctl is given, in asmcli's order: the package's, Citadel's, the options, the overlays, and Citadel's once
 * more (configure_citadel puts it first, gen_install_params last). Ends asmcli on an option that the package has not.
 */
export function operatorFiles(directory: string, request: AsmcliRequest, say: AsmcliConsole): readonly string[] {
  const options = join(directory, 'asm/istio/options');
  const named = request.args.options.map((name) => {
    const file = join(options, `${name}.yaml`);
    if (!existsSync(file)) {
      say.fatal(`Couldn't find yaml file ${name}.\nSee directory ${options} for available options.`);
    }
    return file;
  });
  const citadel = request.ca === 'citadel' ? [join(options, 'citadel-ca.yaml')] : [];
  return [join(directory, 'asm/istio/istio-operator.yaml'), ...citadel, ...named, ...request.customOverlays, ...citadel];
}
