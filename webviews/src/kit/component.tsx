// How a view is written. A view is a folder, `webviews/src/NAME/`:
//
//   model.ts         `NameModel`, a schema and its type: all that the view draws
//   view.tsx         `name`, the view: `render: shownBy(Body)`, where Body is a component of its model
//   from-answer.ts   `fromAnswer`: the model, made from the answer of a tool        (optional)
//   from-columns.ts  `fromColumns`: what a plot cell says, and the model made of it (optional)
//   still.ts         `still`: the picture on a page that runs nothing               (optional)
//   sample.ts        `sample`: a model for the gallery and for the tests of every view
//
// `npm run gen` does the rest. In view.tsx:
//
//   const Body = ({ model, host }: Shown<NameModel>) => (
//     <header>
//       <h1>{plain(model.title, 300)}</h1>
//       <button type="button" onClick={() => host.send('open', { id: model.id })}>Open</button>
//     </header>
//   );
//   export const name: View<NameModel> = { name: 'name', style, parse, render: shownBy(Body) };
//
// A new model is drawn by changing what differs: elements stay, and with them focus, scroll position and what was typed, as long
// as rows carry a `key`. Text from outside goes through `plain`. Painters on canvas and Plot draw into an element of their own:
// `figure` gives them one, or a `ref` with an effect.
import { type ComponentChild, type FunctionComponent, render } from 'preact';
import type { View, ViewHost } from './view.ts';

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
    draw(model);
    return { update: draw, dispose: () => render(null, el) };
  };

/** One element that stands by itself, for painters and hosts that put elements together. It is drawn once. */
export function elementOf<Made extends HTMLElement = HTMLElement>(node: ComponentChild): Made {
  const place = document.createElement('div');
  render(node, place);
  // SAFETY: the caller writes the element that it asks for.
  const made = place.firstElementChild as Made;
  made.remove();
  return made;
}
