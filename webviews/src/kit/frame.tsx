import { plain } from '@bregma/core/contracts/plain-text';
import { type ComponentChild, render } from 'preact';
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
        this.dispose();
        this.drawn = this.view.render({ model, el: this.el, host: this.host });
      }
    } catch (error) {
      this.say(
        <p role="alert" class="error">
          {plain(error instanceof Error ? error.message : error)}
        </p>,
      );
    }
  }

  /** Says something in place of the view. */
  say(words: ComponentChild): void {
    this.dispose();
    render(words, this.el);
  }

  dispose(): void {
    this.drawn?.dispose();
    this.drawn = undefined;
    render(null, this.el);
  }
}

/** Once a page: outputs of a notebook share theirs. */
export function addStyle(id: string, text: string): void {
  if (document.getElementById(id)) return;
  const style = document.createElement('style');
  style.id = id;
  style.textContent = text;
  document.head.append(style);
}
