// Installs packages of the operating system, only where that may be done without asking: as root on Debian.
import fs from 'node:fs';
import { MissingPrerequisite, renderCommand, runAnnounced } from './announcedCommand.js';
import type { SetupCommand } from './announcedCommand.js';

/** Whether packages may be installed here: this process is root, and apt is that of Debian itself. */
export function mayInstallPackages(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    return /^ID=debian$/m.test(fs.readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** Installs packages, or throws what to install by hand when that may not be done here. */
export function installPackages(packages: readonly string[], purpose: string): void {
  const install: SetupCommand = {
    file: 'apt-get',
    args: ['install', '-y', '--no-install-recommends', ...packages],
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  };
  if (!mayInstallPackages()) {
    throw new MissingPrerequisite(`${purpose} is missing. On Debian or Ubuntu:\n  sudo ${renderCommand(install)}`);
  }
  runAnnounced({ file: 'apt-get', args: ['update'] });
  runAnnounced(install);
}
