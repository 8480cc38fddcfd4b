/**
 * How a view is written. A view is a folder, `webviews/src/NAME/`:
 *
 * - `model.ts`: `NameModel`, a schema and its type: all that the view draws
 * - `view.tsx`: `name`, the view: `render: shownBy(Body)`, where Body is a component of its model
 * - `from-answer.ts`: `name`, the model made from the answer of a tool (optional)
 * - `from-columns.ts`: `fromColumns`, what a plot cell says and the model made of it (optional)
 * - `still.ts`: `still`, the picture on a page that runs nothing (optional)
 * - `sample.ts`: `sample`, a model for the gallery and for the tests of every view
 *
 * ```tsx
 * // webviews/src/note/view.tsx
 * import { plain } from '@bregma/core/contracts/plain-text';
 * import * as z from 'zod/mini';
 * import { type Shown, shownBy } from '../kit/component.tsx';
 * import { parsed } from '../kit/parsed.ts';
 * import type { View } from '../kit/view.ts';
 *
 * const NoteModel = z.object({ title: z.string(), id: z.string() });
 * type NoteModel = z.infer<typeof NoteModel>;
 *
 * const Body = ({ model, host }: Shown<NoteModel>) => (
 *   <header>
 *     <h1>{plain(model.title, 300)}</h1>
 *     <button type="button" onClick={() => host.send('open', { id: model.id })}>
 *       Open
 *     </button>
 *   </header>
 * );
 *
 * const parse = (value: unknown) => parsed(NoteModel, value, 'note');
 *
 * export const note: View<NoteModel> = { name: 'note', parse, render: shownBy(Body) };
 * ```
 *
 * `npm run gen` does the rest. A new model is drawn by changing what differs: elements stay, and with them focus, scroll position and
 * what was typed, as long as rows carry a `key`. A picture stands in a `Figure`, and what paints on a canvas in a `Painting`; where a
 * new model is another picture, `shownAnew` begins from scratch. Text from outside goes through `plain`.
 */
import { type FunctionComponent, render } from 'preact';
import type { Drawn, View, ViewHost } from './view.ts';

/** What the component of a view is given. */
export interface Shown<Model> {
  model: Model;
  host: ViewHost;
}

/** A view's `render`, from the component that shows its model. */
export const shownBy =
  <Model,>(Body: FunctionComponent<Shown<Model>>): View<Model>['render'] =>
  ({ model, el, host }) => {
    const draw = (now: Model) => render(<Body model={now} host={host} />, el);
    return drawnIn(el, draw, model);
  };

/**
 * As `shownBy`, for a picture that is drawn from scratch for every model: what a person did to the one before, a zoom or a choice,
 * ends with it.
 */
export const shownAnew =
  <Model,>(Body: FunctionComponent<Shown<Model>>): View<Model>['render'] =>
  ({ model, el, host }) => {
    let key = 0;
    const draw = (now: Model) => render(<Body key={key++} model={now} host={host} />, el);
    return drawnIn(el, draw, model);
  };

function drawnIn<Model>(el: HTMLElement, draw: (model: Model) => void, first: Model): Drawn<Model> {
  const dispose = () => render(null, el);
  try {
    draw(first);
  } catch (error) {
    dispose();
    throw error;
  }
  return { update: draw, dispose };
}
