import { BregmaError } from '@bregma/core/errors';
import type { Command } from '../app.ts';

/** Shows what a data set or a twin is. One panel: the next card takes its place. */
export const showCard: Command = {
  async run(app, given) {
    const { store, show } = app;
    const id = typeof given === 'string' ? given.slice(0, 200) : undefined;
    if (id === undefined) throw new BregmaError('bad-input', 'A card is of a data set or a twin, by its id.');
    if (!store) return;
    const model = await store.ask.card(id);
    const { insertText, openActivity } = await import('../catalogue/card-intents.ts');
    show({
      view: 'card',
      key: 'card',
      title: model.title.slice(0, 60),
      model,
      intents: { insert: (payload) => insertText(app, payload), 'open-activity': openActivity },
    });
  },
};
