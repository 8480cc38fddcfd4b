import { Frame } from '../kit/frame.tsx';
import type { View, ViewHost } from '../kit/view.ts';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

/** Shows a view in a webview of the editor: models come as messages, intents go back as messages. */
export function showInEditor<Model>(view: View<Model>): void {
  const api = acquireVsCodeApi();
  const host: ViewHost = {
    send: (intent, payload) => api.postMessage({ type: 'intent', intent, payload }),
    restore: () => api.getState(),
    remember: (state) => api.setState(state),
  };
  const frame = new Frame(view, document.body.appendChild(document.createElement('main')), host);
  window.addEventListener('message', ({ data }) => {
    if (data?.type === 'model') frame.show(data.model);
  });
  api.postMessage({ type: 'ready' });
}
