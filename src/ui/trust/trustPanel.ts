// The life of the Certificate Trust panel in the editor area: one at most, restored after a restart, fed while it is seen.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Clock, Log } from '../../app/ports.js';
import type { TrustViewMaker } from '../../app/trust/surveyEvidence.js';
import { TRUST_PANEL } from '../../contributions.js';
import { dispatchMessage } from '../../shared/messaging.js';
import { localeOf } from '../../shared/text/languages.js';
import type { RenderText } from '../../shared/text/languages.js';
import { message } from '../../shared/text/message.js';
import type { ToTrustPage } from '../../shared/trustProtocol.js';
import type { TrustScope } from '../../shared/trustRows.js';
import type { TrustFiles } from './trustFiles.js';
import { TrustPageFeed } from './trustPageFeed.js';
import type { ResolveObstacle } from './trustPageHandlers.js';
import { trustPageHandlers } from './trustPageHandlers.js';
import { trustPanelHtml } from './trustPanelHtml.js';
import type { TrustSurveyControl } from './trustSurveyControl.js';
import { TrustViewFeed } from './trustViewFeed.js';

const wholeMesh: TrustScope = { contexts: [], namespaces: [] };

export interface TrustPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly control: TrustSurveyControl;
  readonly maker: () => Promise<TrustViewMaker>;
  readonly files: TrustFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly text: RenderText;
  /** The editor's language, e.g. `vscode.env.language`. */
  readonly language: string;
  readonly chooseClusters: () => void;
  readonly resolve: ResolveObstacle;
}

/** What there is while a panel is open. */
interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: TrustPageFeed;
  readonly views: TrustViewFeed;
}

export class TrustPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #options: TrustPanelOptions;
  readonly #registration: vscode.Disposable;
  #open: OpenPanel | undefined;
  #scope = wholeMesh;
  /** Said to the page as soon as it listens. */
  #focus: ToTrustPage['focus'] | undefined;

  constructor(options: TrustPanelOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerWebviewPanelSerializer(TRUST_PANEL, this);
  }

  /** Opens the panel or brings it forward, looks at this part of the mesh, and begins a survey of it; `focus`: at what first. */
  show(scope: TrustScope = wholeMesh, focus?: ToTrustPage['focus']): void {
    this.#scope = scope;
    this.#focus = focus;
    this.#options.control.start(scope);
    this.#reveal();
  }

  /** Reads a saved survey and shows it; nothing changes when the user goes away or the file is no survey. */
  async openFile(): Promise<void> {
    const opened = await this.#options.files.open();
    if (opened === undefined) return;
    this.#scope = wholeMesh;
    this.#focus = undefined;
    this.#options.control.open(opened);
    this.#reveal();
  }

  /** VS Code brings back a panel of an earlier session. Nothing is surveyed until it is asked for. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    this.#open?.panel.dispose();
    this.#scope = parseScope(kept);
    this.#adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.#registration.dispose();
    this.#open?.panel.dispose();
  }

  #title(): string {
    return this.#options.text(message('trust.page.title'));
  }

  #reveal(): void {
    if (this.#open === undefined) {
      this.#adopt(vscode.window.createWebviewPanel(TRUST_PANEL, this.#title(), vscode.ViewColumn.Active));
      return;
    }
    // A page that was hidden says `ready` when it is back.
    const wasVisible = this.#open.panel.visible;
    this.#open.panel.reveal();
    if (wasVisible) this.#begin();
  }

  /** The page anew: rows of another scope or survey are not to stay in it. */
  #begin(): void {
    if (this.#open === undefined) return;
    const { feed, views, panel } = this.#open;
    feed.begin(this.#scope);
    views.begin();
    const focus = this.#focus;
    this.#focus = undefined;
    if (focus !== undefined) void panel.webview.postMessage({ type: 'focus', payload: focus });
  }

  #survey(): void {
    this.#options.control.start(this.#scope);
    if (this.#open?.panel.visible === true) this.#begin();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const opened = this.#openPanel(panel);
    const { control, extensionUri, language } = this.#options;
    const { feed, views } = opened;
    this.#open = opened;
    const handlers = trustPageHandlers({
      ...this.#options,
      views,
      begin: () => {
        this.#begin();
      },
      survey: () => {
        this.#survey();
      },
      widen: () => {
        this.#scope = wholeMesh;
        this.#survey();
      },
      openFile: () => this.openFile(),
      copy: (text) => {
        void vscode.env.clipboard.writeText(text);
      },
      onFileError: (error) => {
        this.#showFileError(error);
      },
    });
    const listeners = [
      panel.webview.onDidReceiveMessage((incoming: unknown) => {
        dispatchMessage(handlers, incoming);
      }),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away by VS Code and says `ready` when it is back.
        if (panel.visible) return;
        feed.pause();
        views.pause();
      }),
    ];
    panel.onDidDispose(() => {
      feed.dispose();
      views.dispose();
      for (const listener of listeners) listener.dispose();
      if (this.#open !== opened) return;
      this.#open = undefined;
      control.cancel();
    });
    fillPanel(panel, extensionUri, language, this.#title());
  }

  #showFileError(error: unknown): void {
    const { log, text } = this.#options;
    log.error(String(error));
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(text(message('panel.file.failed', { reason })));
  }

  #openPanel(panel: vscode.WebviewPanel): OpenPanel {
    const { control, language, maker, clock, log } = this.#options;
    const post = (toPage: unknown): Thenable<boolean> => panel.webview.postMessage(toPage);
    const onError = (error: unknown): void => {
      log.error(`a view of the survey could not be worked out: ${String(error)}`);
    };
    return { panel, feed: new TrustPageFeed(control, localeOf(language), post), views: new TrustViewFeed({ control, maker, clock, post, onError }) };
  }
}

function fillPanel(panel: vscode.WebviewPanel, extensionUri: vscode.Uri, language: string, title: string): void {
  const { webview } = panel;
  panel.iconPath = {
    light: vscode.Uri.joinPath(extensionUri, 'media', 'mesh-light.svg'),
    dark: vscode.Uri.joinPath(extensionUri, 'media', 'mesh-dark.svg'),
  };
  webview.options = {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(extensionUri, 'media')],
  };
  const file = (...path: readonly string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...path)).toString();
  const texts = localeOf(language) === 'ko' ? file('dist', 'trustKo.js') : undefined;
  const paths = { script: file('dist', 'trust.js'), texts, styles: file('media', 'trust.css'), cspSource: webview.cspSource };
  webview.html = trustPanelHtml(paths, randomBytes(24).toString('base64'), language, title);
}

/** The scope in what the page has kept; the whole mesh where there is none. */
function parseScope(kept: unknown): TrustScope {
  if (typeof kept !== 'object' || kept === null || !('scope' in kept)) return wholeMesh;
  const { scope } = kept;
  if (typeof scope !== 'object' || scope === null) return wholeMesh;
  const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []);
  return {
    contexts: 'contexts' in scope ? texts(scope.contexts) : [],
    namespaces: 'namespaces' in scope ? texts(scope.namespaces) : [],
  };
}
