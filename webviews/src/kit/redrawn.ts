import type { Drawn } from './view.ts';

/** For views that draw every model from scratch: `draw` returns what ends the drawing. */
export function redrawn<Model>(model: Model, draw: (model: Model) => (() => void) | undefined): Drawn<Model> {
  let end = draw(model);
  return {
    update(next) {
      end?.();
      end = draw(next);
    },
    dispose: () => end?.(),
  };
}
