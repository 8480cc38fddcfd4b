import { h, plain } from './dom.ts';
import theme from './theme.css';
import type { Drawn, View, ViewHost } from './view.ts';

/** Keeps one view in an element: parses each model, draws or updates, and shows what is wrong instead of nothing. */
export class Frame<Model> {
  private readonly view: View<Model>;
  private readonly el: HTMLElement;
  private readonly host: ViewHost;
  private drawn: Drawn<Model> | undefined;

  constructor(view: View<Model>, el: HTMLElement, host: ViewHost) {
    this.view = view;
    this.el = el;
    this.host = host;
    el.classList.add('bregma', 'view', `bregma-${view.name}`);
    addStyle('bregma-theme', theme);
    if (view.style) addStyle(`bregma-style-${view.name}`, view.style);
  }

  show(value: unknown): void {
    try {
      const model = this.view.parse(value);
      if (this.drawn) this.drawn.update(model);
      else {
        this.el.replaceChildren();
        this.drawn = this.view.render({ model, el: this.el, host: this.host });
      }
    } catch (error) {
      this.dispose();
      this.el.replaceChildren(
        h('p', { role: 'alert', class: 'error' }, plain(error instanceof Error ? error.message : error)),
      );
    }
  }

  dispose(): void {
    this.drawn?.dispose();
    this.drawn = undefined;
  }
}

/** Once a page: outputs of a notebook share theirs. */
export function addStyle(id: string, text: string): void {
  if (!document.getElementById(id)) document.head.append(h('style', { id }, text));
}
