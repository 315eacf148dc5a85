// The life of the Certificate Trust panel in the editor area: one at most, restored after a restart, fed while it is seen.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { TRUST_PANEL } from '../../contributions.js';
import type { MessageHandlers } from '../../shared/messaging.js';
import { dispatchMessage } from '../../shared/messaging.js';
import { message } from '../../shared/text/message.js';
import { localeOf, textRenderer } from '../../shared/text/render.js';
import type { FromTrustPage } from '../../shared/trustProtocol.js';
import type { TrustScope } from '../../shared/trustRows.js';
import { TrustPageFeed } from './trustPageFeed.js';
import { trustPanelHtml } from './trustPanelHtml.js';
import type { TrustSurveyControl } from './trustSurveyControl.js';

const wholeMesh: TrustScope = { contexts: [], namespaces: [] };

export interface TrustPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly control: TrustSurveyControl;
  /** The editor's language, e.g. `vscode.env.language`. */
  readonly language: string;
  readonly chooseClusters: () => void;
}

/** What there is while a panel is open. */
interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: TrustPageFeed;
}

export class TrustPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #options: TrustPanelOptions;
  readonly #registration: vscode.Disposable;
  #open: OpenPanel | undefined;
  #scope = wholeMesh;

  constructor(options: TrustPanelOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerWebviewPanelSerializer(TRUST_PANEL, this);
  }

  /** Opens the panel or brings it forward, looks at this part of the mesh, and begins a survey of it. */
  show(scope: TrustScope = wholeMesh): void {
    this.#scope = scope;
    if (this.#open === undefined) {
      this.#adopt(vscode.window.createWebviewPanel(TRUST_PANEL, this.#title(), vscode.ViewColumn.Active));
      this.#options.control.start(scope);
    } else {
      this.#open.panel.reveal();
      this.#survey();
    }
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
    return textRenderer(localeOf(this.#options.language))(message('trust.page.title'));
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const { control, extensionUri, language } = this.#options;
    const feed = new TrustPageFeed(control, localeOf(language), (toPage) => panel.webview.postMessage(toPage));
    const opened: OpenPanel = { panel, feed };
    this.#open = opened;
    const handlers = this.#handlers(feed);
    const listeners = [
      panel.webview.onDidReceiveMessage((incoming: unknown) => {
        dispatchMessage(handlers, incoming);
      }),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away by VS Code and says `ready` when it is back.
        if (!panel.visible) feed.pause();
      }),
    ];
    panel.onDidDispose(() => {
      feed.dispose();
      for (const listener of listeners) listener.dispose();
      if (this.#open !== opened) return;
      this.#open = undefined;
      control.cancel();
    });
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
    const paths = { script: file('dist', 'trust.js'), styles: file('media', 'trust.css'), cspSource: webview.cspSource };
    webview.html = trustPanelHtml(paths, randomBytes(24).toString('base64'), language, this.#title());
  }

  #handlers(feed: TrustPageFeed): MessageHandlers<FromTrustPage> {
    const { control, chooseClusters } = this.#options;
    return {
      ready: () => {
        feed.begin(this.#scope);
      },
      survey: () => {
        this.#survey();
      },
      cancel: () => {
        control.cancel();
      },
      copy: ({ text }) => {
        if (typeof text === 'string') void vscode.env.clipboard.writeText(text);
      },
      widen: () => {
        this.#scope = wholeMesh;
        this.#survey();
      },
      chooseClusters: () => {
        chooseClusters();
      },
    };
  }

  /** Begins a survey of the scope, and the page anew: rows of another scope are not to stay in it. */
  #survey(): void {
    this.#options.control.start(this.#scope);
    if (this.#open?.panel.visible === true) this.#open.feed.begin(this.#scope);
  }
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
