import { plain } from '@bregma/core/contracts/plain-text';
import { render } from 'preact';
import { addStyle } from '../kit/frame.tsx';
import { parsed } from '../kit/parsed.ts';
import theme from '../kit/theme.css';
import type { ViewHost } from '../kit/view.ts';
import style from './notebook.css';
import { NotebookOutput, ToNotebookOutputs, unpackOutput } from './notebook-output.ts';
import { Output, type Views } from './output.tsx';

/** The part of VS Code's renderer API that is used here. */
interface RendererContext {
  postMessage?(message: unknown): void;
  onDidReceiveMessage?(listener: (message: unknown) => void): unknown;
}
interface OutputItem {
  data(): Uint8Array;
}
interface Renderer {
  renderOutputItem(item: OutputItem, el: HTMLElement): Promise<void>;
  disposeOutputItem(id?: string): void;
}

/** An output on the page. */
interface Shown {
  el: HTMLElement;
  /** Draws it, and says why it is stale. */
  draw(stale: string[]): void;
}

/** Draws outputs of notebook cells with the views, each loaded when it is first needed. */
export function renderer(views: Views): (context: RendererContext) => Renderer {
  return (context) => {
    /** By what messages call them. */
    const outputs = new Map<string, Shown>();
    let stale: ToNotebookOutputs['stale'] = {};
    const forgetGone = () => {
      for (const [key, { el }] of outputs) if (!el.isConnected) outputs.delete(key);
    };
    context.onDidReceiveMessage?.((raw) => {
      const message = ToNotebookOutputs.safeParse(raw);
      if (!message.success) return;
      stale = message.data.stale;
      forgetGone();
      for (const [key, { draw }] of outputs) draw(stale[key] ?? []);
    });
    return {
      async renderOutputItem(item, el) {
        render(null, el);
        el.replaceChildren();
        el.classList.add('bregma', 'bregma-output');
        addStyle('bregma-theme', theme);
        addStyle('bregma-output-style', style);
        const output = outputOf(item);
        if (output instanceof Error) {
          render(<Unreadable why={output.message} />, el);
          return;
        }
        const waiting: Promise<void>[] = [];
        const parts = { output, views, host: hostOf(context), drawing: (done: Promise<void>) => waiting.push(done) };
        const draw = (reasons: string[]) => render(<Output {...parts} stale={reasons} />, el);
        outputs.set(output.key, { el, draw });
        draw(stale[output.key] ?? []);
        await Promise.all(waiting);
        context.postMessage?.({ type: 'ready' });
      },
      disposeOutputItem: forgetGone,
    };
  };
}

function outputOf(item: OutputItem): NotebookOutput | Error {
  try {
    return parsed(NotebookOutput, unpackOutput(item.data()), 'notebook output');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const Unreadable = ({ why }: { why: string }) => (
  <p role="alert" class="error">
    {plain(why)}
  </p>
);

const hostOf = (context: RendererContext): ViewHost => ({
  send: (intent, payload) => context.postMessage?.({ type: 'intent', intent, payload }),
  restore: () => undefined,
  remember: () => {},
});
