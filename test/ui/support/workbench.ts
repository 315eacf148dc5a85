// Opens a VS Code in the shared browser, on a rehearsal mesh, with the extension, for a UI test to use as a user would.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ThemeName } from '../../workbench/machineSettings.js';
import type { Rehearsal } from '../../workbench/rehearsal.js';
import { commandLineTool } from '../../workbench/paths.js';
import { startSession } from '../../workbench/session.js';
import type { Session } from '../../workbench/session.js';
import { PATIENCE_MS } from './conditions.js';
import { DialogBox } from './dialogBox.js';
import { EditorView } from './editorView.js';
import { restMouse } from './mouse.js';
import { Notifications } from './notifications.js';
import { QuickInput } from './quickInput.js';
import { pictureFailure, takeScreenshot } from './screenshots.js';
import { TerminalView } from './terminalView.js';
import { TreeView } from './treeView.js';
import { webviewFrame } from './webviewFrame.js';
import type { Webview } from './webviewFrame.js';

/** Which mesh, which language, which look. */
export interface WorkbenchOptions {
  /** Names the log files; unique among the tests. */
  readonly name: string;
  readonly scene?: string;
  readonly withRevision?: string;
  /** So many more pods in each cluster. */
  readonly pods?: number;
  /** One root of Istio CA for both clusters, or one in each. */
  readonly roots?: 'same' | 'different';
  /** How many times faster than in a real mesh pods start and pushes arrive. */
  readonly speed?: number;
  readonly locale?: 'en' | 'ko';
  readonly theme?: ThemeName;
  /** False: no mesh runs and KUBECONFIG names no file, as for a newcomer. */
  readonly rehearse?: boolean;
}

/** What a command line wrote and how it ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nobody reads what shows itself to a mouse at rest, and what moves or is drawn as for a graphics card takes the time that the mesh needs. */
const settings = {
  'workbench.hover.delay': 600_000,
  'workbench.reduceMotion': 'on',
  'editor.cursorBlinking': 'solid',
  'terminal.integrated.gpuAcceleration': 'off',
} as const;

/** How much of the terminal's end is told of a failed test. */
const TERMINAL_LINES = 5;

const size = { width: 1440, height: 900 };

/** An open VS Code and the mesh behind it. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly dialog: DialogBox;
  readonly terminal: TerminalView;
  readonly editor: EditorView;
  readonly page: Page;
  private readonly session: Session;
  private readonly context: BrowserContext;
  private readonly browser: Browser;

  constructor(page: Page, session: Session, context: BrowserContext, browser: Browser) {
    this.page = page;
    this.session = session;
    this.context = context;
    this.browser = browser;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.dialog = new DialogBox(page);
    this.terminal = new TerminalView(page);
    this.editor = new EditorView(page);
  }

  /** The mesh, to crash and restart it. */
  get rehearsal(): Rehearsal {
    if (this.session.rehearsal === undefined) throw new Error('This workbench was opened without a mesh');
    return this.session.rehearsal;
  }

  /** Shows a container of the Activity Bar, by its title. */
  async openActivity(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.sidebar .composite.title', { hasText: title }).waitFor();
    // Away from the icon, or its tooltip would be on every picture.
    await restMouse(this.page);
  }

  /** Drags the edge of the side bar, so that the ends of its rows can be read. */
  async widenSideBar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('The side bar is not shown');
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, y, { steps: 4 });
    await this.page.mouse.up();
    await restMouse(this.page);
  }

  /** Closes the panel with the terminals; what runs in them goes on. */
  async hidePanel(): Promise<void> {
    const panel = this.page.locator('.part.panel');
    if (await panel.isVisible()) await panel.getByRole('button', { name: 'Hide Panel' }).click();
    await panel.waitFor({ state: 'hidden' });
  }

  /** The tree of a view, by the view's name. */
  tree(viewName: string): TreeView {
    return new TreeView(this.page, viewName);
  }

  /** The page of the webview in the active editor. */
  webview(title: string): Promise<Webview> {
    return webviewFrame(this.page, title);
  }

  /** Runs a command by its title in the Command Palette. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.quickInput.type(`>${title}`);
    await this.quickInput.choose(title);
  }

  /** Runs the real kubectl against the mesh, beside the editor. */
  kubectl(args: readonly string[]): Promise<CommandResult> {
    return this.run('kubectl', args);
  }

  /** Runs our own command-line tool against the mesh. */
  meshCa(args: readonly string[]): Promise<CommandResult> {
    return this.run(process.execPath, [commandLineTool, ...args]);
  }

  private async run(file: string, args: readonly string[]): Promise<CommandResult> {
    const child = spawn(file, args, { env: { ...process.env, ...this.session.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [stdout, stderr, code] = await Promise.all([readAll(child.stdout), readAll(child.stderr), ended]);
    return { code, stdout, stderr };
  }

  /** Writes a file into the open folder and returns its path. */
  writeFile(name: string, content: string): string {
    const file = this.fileIn(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  }

  /** Where a file of this name would be in the open folder. */
  fileIn(name: string): string {
    return path.join(this.session.workspaceFolder, name);
  }

  /** Sets settings of the open folder; they hold once the page has been loaded anew. */
  async changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.writeFile('.vscode/settings.json', JSON.stringify(settings));
    await this.reload();
  }

  /** What the user has copied last. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Leaves a picture of the whole window, without the tooltip of what the mouse happened to rest on. */
  async screenshot(name: string): Promise<void> {
    await restMouse(this.page);
    await takeScreenshot(this.page, name);
  }

  /** For `afterEach(function () { return workbench.pictureFailure(this.currentTest); })`: shows what a failed test saw, also in words. */
  async pictureFailure(test: Mocha.Test | undefined): Promise<void> {
    await pictureFailure(this.page, test);
    if (test?.err !== undefined) test.err.message += await this.inWords();
  }

  /** What would say why something that was waited for did not come: where there is no picture to look at, this is all there is. */
  private async inWords(): Promise<string> {
    const terminal = (await this.terminal.textIfShown()).split('\n').slice(-TERMINAL_LINES);
    const said = [...(await this.notifications.texts()), await this.quickInput.title(), ...terminal];
    return `\n    On the screen:\n${said.filter((line) => line !== '').map((line) => `    | ${line}\n`).join('')}`;
  }

  /** Loads the window anew, by VS Code's own command, which keeps what was open; the mesh goes on. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await workbenchIsUp(this.page);
  }

  /** Kills the editor with everything that runs in it, as a crash of the machine would; the mesh goes on. */
  async crash(): Promise<void> {
    await this.session.server.crash();
  }

  /** Opens the editor again after a crash. */
  async restart(): Promise<void> {
    await this.session.server.restart();
    await this.page.goto(this.session.server.address());
    await workbenchIsUp(this.page);
  }

  /** Ends the page, the editor and the mesh. */
  async close(): Promise<void> {
    await this.context.close();
    await this.browser.close();
    await this.session.end();
  }
}

/** Opens a VS Code with the packaged extension in a fresh browser profile. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { MESH_CA_BROWSER: endpoint, MESH_CA_EXTENSIONS: extensionsFolder } = process.env;
  if (endpoint === undefined || extensionsFolder === undefined) throw new Error('UI tests are started by `npm run test:ui`, which provides browser and package');
  const session = await startSession({ ...options, settings, extensionsFolder });
  const browser = await chromium.connect(endpoint);
  const context = await browser.newContext({
    viewport: size,
    locale: options.locale === 'ko' ? 'ko-KR' : 'en-US',
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(session.server.address());
  await workbenchIsUp(page);
  return new Workbench(page, session, context, browser);
}

async function workbenchIsUp(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .activitybar').waitFor();
}
