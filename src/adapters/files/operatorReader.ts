// Who is at the keyboard: the system's user, and the account that gcloud is set to as its own files say. Starts no process.
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Operator, OperatorReader } from '../../app/journal/journalPorts.js';

export class SystemOperatorReader implements OperatorReader {
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  async who(): Promise<Operator> {
    return { user: userName(), host: os.hostname(), account: await this.#gcloudAccount() };
  }

  /** As `gcloud config get account` finds it: the environment, else the active configuration. Undefined where there is none. */
  async #gcloudAccount(): Promise<string | undefined> {
    const { CLOUDSDK_CORE_ACCOUNT: account, CLOUDSDK_ACTIVE_CONFIG_NAME: active } = this.#environment;
    if (account !== undefined && account !== '') return account;
    const folder = this.#gcloudFolder();
    const name = active ?? (await readText(path.join(folder, 'active_config'))).trim();
    const configuration = await readText(path.join(folder, 'configurations', `config_${name === '' ? 'default' : name}`));
    const core = /^\[core\]\s*$([^]*?)(?=^\[|(?![^]))/m.exec(configuration)?.[1] ?? '';
    return /^account\s*=\s*(\S+)\s*$/m.exec(core)?.[1];
  }

  #gcloudFolder(): string {
    const { CLOUDSDK_CONFIG: configured, APPDATA: roaming } = this.#environment;
    if (configured !== undefined && configured !== '') return configured;
    return process.platform === 'win32' && roaming !== undefined ? path.join(roaming, 'gcloud') : path.join(os.homedir(), '.config', 'gcloud');
  }
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container's user without an entry in its passwd file.
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}

async function readText(file: string): Promise<string> {
  return fs.readFile(file, 'utf8').catch(() => '');
}
