// Runs the integration tests inside the extension host of a VS Code that a headless browser opens.
import path from 'node:path';
import util from 'node:util';
import { chromium } from 'playwright-core';
import { repository } from '../paths.js';
import { exitOnSignals } from '../processGroup.js';
import { startSession } from '../session.js';
import { browserArguments, findBrowser } from '../setup/browser.js';

/** What VS Code itself reports and no test is about: a native logger that is not built, its watchdog, look-ups without internet. */
const noise = [
  /spdlog|watchdog|find pty|Task to terminate|ptyHostMain/i,
  /connection token|^Creating a socket|reconnection-grace-time|builtin extensions cache|resolving configuration file/,
  /^\[(Service Worker|AgentHost|AccountPolicyGate|reconnection)/,
  /workbench contribution|authentication provider|^\s+at .*workbench\.js/,
  /marketplace|gallery|chatParticipant|ExperimentalWarning|punycode/i,
];

/** How long VS Code may take to start and run all tests before it counts as hung. */
const limitMs = 5 * 60_000;

async function main(): Promise<number> {
  const executablePath = findBrowser();
  const session = await startSession({ name: 'integration' });
  const browser = await chromium.launch({ executablePath, args: browserArguments });
  try {
    const page = await browser.newPage();
    const ended = new Promise<number>((resolve, reject) => {
      setTimeout(reject, limitMs, new Error(`VS Code did not finish the tests in ${limitMs / 1000} s`)).unref();
      page.once('crash', () => {
        reject(new Error('The page crashed'));
      });
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const text = util.format(...args);
      if (!noise.some((pattern) => pattern.test(text))) process.stdout.write(`${text}\n`);
    });
    await page.goto(
      session.server.address({
        extensionDevelopmentPath: repository,
        extensionTestsPath: path.join(repository, 'out', 'integration', 'index.js'),
      }),
    );
    return await ended;
  } finally {
    await browser.close();
    await session.end();
  }
}

exitOnSignals();
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
