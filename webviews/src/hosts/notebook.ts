import { h, plain } from '../kit/dom.ts';
import { addStyle, Frame } from '../kit/frame.ts';
import { parsed } from '../kit/parsed.ts';
import theme from '../kit/theme.css';
import type { View, ViewHost } from '../kit/view.ts';
import style from './notebook.css';
import { NotebookOutput, ToNotebookOutputs, unpackOutput } from './notebook-output.ts';

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

// biome-ignore lint/suspicious/noExplicitAny: each view has its own model, and parses it
type Views = Record<string, () => Promise<View<any>>>;

/** Draws outputs of notebook cells with the views, each loaded when it is first needed. */
export function renderer(views: Views): (context: RendererContext) => Renderer {
  return (context) => {
    /** Output → where its freshness is said. */
    const banners = new Map<string, HTMLElement>();
    const frames = new WeakMap<HTMLElement, Frame<unknown>[]>();
    let stale: ToNotebookOutputs['stale'] = {};
    const say = (key: string) => {
      const banner = banners.get(key);
      if (!banner) return;
      const reasons = stale[key] ?? [];
      banner.hidden = reasons.length === 0;
      banner.replaceChildren(h('strong', {}, 'Stale'), ` ${plain(reasons.join(' '))}`);
    };
    context.onDidReceiveMessage?.((raw) => {
      const message = ToNotebookOutputs.safeParse(raw);
      if (!message.success) return;
      stale = message.data.stale;
      for (const [key, banner] of banners) {
        if (banner.isConnected) say(key);
        else banners.delete(key);
      }
    });
    return {
      async renderOutputItem(item, el) {
        for (const frame of frames.get(el) ?? []) frame.dispose();
        el.replaceChildren();
        el.classList.add('bregma', 'bregma-output');
        addStyle('bregma-theme', theme);
        addStyle('bregma-output-style', style);
        const output = outputOf(item);
        if (output instanceof Error) {
          el.append(h('p', { role: 'alert', class: 'error' }, plain(output.message)));
          return;
        }
        const { key, pictures, said, progress, error } = output;
        const banner = h('p', { class: 'stale', role: 'status', hidden: true });
        banners.set(key, banner);
        el.append(banner);
        say(key);
        if (progress) el.append(progressOf(progress));
        if (error) el.append(errorOf(error));
        el.append(...said.map((text) => h('p', { class: 'said' }, plain(text))));
        frames.set(
          el,
          await Promise.all(pictures.map(({ view, model }) => draw(views, view, model, el, hostOf(context)))),
        );
        context.postMessage?.({ type: 'ready' });
      },
      disposeOutputItem() {
        for (const [key, banner] of banners) if (!banner.isConnected) banners.delete(key);
      },
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

async function draw(
  views: Views,
  name: string,
  model: unknown,
  el: HTMLElement,
  host: ViewHost,
): Promise<Frame<unknown>> {
  const place = el.appendChild(h('section', {}));
  const load = Object.hasOwn(views, name) ? views[name] : undefined;
  const frame = new Frame<unknown>(load ? await load() : asJson, place, host);
  frame.show(model);
  return frame;
}

/** For a view that this build does not have: nothing is hidden. */
const asJson: View = {
  name: 'unknown',
  parse: (value) => value,
  render({ model, el }) {
    const drawJson = (value: unknown) =>
      el.replaceChildren(h('pre', { tabindex: '0' }, plain(JSON.stringify(value, null, 2), 20_000)));
    drawJson(model);
    return { update: drawJson, dispose: () => el.replaceChildren() };
  },
};

const hostOf = (context: RendererContext): ViewHost => ({
  send: (intent, payload) => context.postMessage?.({ type: 'intent', intent, payload }),
  restore: () => undefined,
  remember: () => {},
});

function progressOf({ done, total, message }: { done: number; total?: number; message?: string }): HTMLElement {
  const text = total ? `${done} of ${total}` : `${done}`;
  return h(
    'p',
    { class: 'progress', role: 'status' },
    h('progress', {
      max: total ? String(total) : undefined,
      value: total ? String(done) : undefined,
      'aria-label': 'Progress',
    }),
    ` ${plain([message, text].filter(Boolean).join(': '))}`,
  );
}

const errorOf = ({ message, next }: { message: string; next?: string }): HTMLElement =>
  h(
    'div',
    { role: 'alert', class: 'failure' },
    h('p', { class: 'error' }, plain(message)),
    next && h('p', { class: 'next' }, plain(next)),
  );
