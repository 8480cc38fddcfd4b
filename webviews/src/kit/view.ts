/** What a view may ask of the place where it is shown: a panel of the editor, a notebook output, or a chat. */
export interface ViewHost {
  /** Says what the person wants: `open-activity`, `verify`… The host parses the payload. */
  send(intent: string, payload?: unknown): void;
  /** Small state that survives a reload of the view (selection, scroll), or undefined. */
  restore(): unknown;
  remember(state: unknown): void;
}

/** A view on the page. */
export interface Drawn<Model> {
  /** Draws another model in place. */
  update(model: Model): void;
  dispose(): void;
}

/** A view draws one kind of model into an element. It knows no editor, no chat and no network. */
export interface View<Model = unknown> {
  /** As the file: `activity`, `lineage`… */
  name: string;
  /** Its own style sheet, every rule below `.bregma-NAME`. */
  style?: string;
  /** Checks what the host sent. Throws an Error that says what is wrong; the frame shows it. */
  parse(value: unknown): Model;
  render(place: { model: Model; el: HTMLElement; host: ViewHost }): Drawn<Model>;
}
