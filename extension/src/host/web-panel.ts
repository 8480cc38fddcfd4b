import { randomBytes } from 'node:crypto';
import type { ToView } from '@bregma/core/contracts/messages';
import * as vscode from 'vscode';
import { inOneBuffer } from './one-buffer.ts';

/** A panel with a view in it. */
export interface ViewPanel {
  /** Draws another model. Before the view is ready, the newest model waits. */
  update(model: unknown): void;
  readonly panel: vscode.WebviewPanel;
}

/** Which view is shown, with what, and what it may ask for. */
export interface ViewRequest {
  /** A view: the name of its folder in `webviews/src/`. */
  view: string;
  /** One panel for each key; showing it again brings it to the front. */
  key: string;
  title: string;
  /** Id of what this shows: commands that are given nothing work on it while the panel is in front. */
  about?: string;
  /** Undefined: it follows with `update`; the panel opens meanwhile. */
  model: unknown;
  /** Intents that this panel understands, each parsing its own payload. */
  intents?: Record<string, (payload: unknown, panel: ViewPanel) => unknown>;
  onClose?(): void;
}

/** Opens a view in a panel, or brings the one with this key to the front. */
export type ShowView = (request: ViewRequest) => ViewPanel;

/** The panels of a window. */
export interface Views {
  show: ShowView;
  /** What the panel in front is about. */
  about(): string | undefined;
}

/** Shows views of `webviews/` in panels, under a policy that lets nothing run or load but the view's own bundle. */
export function viewShower(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Views {
  const open = new Map<string, ViewPanel & { replace(request: ViewRequest): void; about(): string | undefined }>();
  const about = () => [...open.values()].find(({ panel }) => panel.active)?.about();
  const show: ShowView = (request) => {
    const known = open.get(request.key);
    if (known) {
      known.replace(request);
      known.panel.reveal(undefined, false);
      return known;
    }
    const folder = vscode.Uri.joinPath(context.extensionUri, 'webviews');
    const panel = vscode.window.createWebviewPanel(
      `bregma.${request.view}`,
      request.title,
      { viewColumn: vscode.ViewColumn.Active },
      { enableScripts: true, localResourceRoots: [folder] },
    );
    let current = request;
    let ready = false;
    const send = () => {
      if (ready && current.model !== undefined)
        void panel.webview.postMessage({ type: 'model', model: inOneBuffer(current.model) } satisfies ToView);
    };
    const shown = {
      panel,
      update(model: unknown) {
        current = { ...current, model };
        send();
      },
      about: () => current.about,
      replace(next: ViewRequest) {
        current = next;
        panel.title = next.title;
        send();
      },
    };
    panel.webview.onDidReceiveMessage(async (raw) => {
      const { FromView } = await import('@bregma/core/contracts/messages');
      const message = FromView.safeParse(raw);
      if (!message.success) return log.warn(`${current.view}: a message of an unknown form was ignored.`);
      if (message.data.type === 'ready') {
        ready = true;
        return send();
      }
      const { intent, payload } = message.data;
      try {
        await current.intents?.[intent]?.(payload, shown);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        log.error(`${current.view} ${intent}: ${text}`);
        void vscode.window.showErrorMessage(text);
      }
    });
    panel.onDidDispose(() => {
      // Work that outlives the panel may still have a model for it.
      ready = false;
      open.delete(current.key);
      current.onClose?.();
    });
    open.set(request.key, shown);
    panel.webview.html = page(panel.webview, folder, request.view);
    return shown;
  };
  return { show, about };
}

/** The page around a view. What its module imports runs under the module's nonce. `style-src` lets views set sizes by script; nothing is loaded from outside. */
function page(webview: vscode.Webview, folder: vscode.Uri, view: string): string {
  const nonce = randomBytes(16).toString('base64');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, `${view}.js`));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data: blob: ${webview.cspSource}; font-src ${webview.cspSource}">
<meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
