import { h, plain } from '../kit/dom.ts';
import { kindMark } from '../kit/kind-mark.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { CardModel } from './model.ts';
import style from './view.css';

/** What a data set or a twin is. */
export const card: View<CardModel> = {
  name: 'card',
  style,
  parse: (value) => parsed(CardModel, value, 'card'),
  render({ model, el, host }) {
    const draw = ({ title, id, kind, description, sections, actions }: CardModel) =>
      el.replaceChildren(
        h('header', {}, h('h1', {}, plain(title, 300)), kindMark(kind)),
        h('p', {}, h('code', {}, plain(id, 200))),
        ...(description ? [h('p', { class: 'description' }, plain(description))] : []),
        h(
          'p',
          { class: 'actions' },
          ...actions.map(({ label, intent, payload }) =>
            h('button', { type: 'button', onclick: () => host.send(intent, payload) }, plain(label, 60)),
          ),
        ),
        ...sections.map(({ heading, facts }) =>
          h(
            'section',
            {},
            h('h2', {}, plain(heading, 100)),
            h(
              'dl',
              {},
              ...facts.flatMap(({ name, text }) => [h('dt', {}, plain(name, 200)), h('dd', {}, plain(text))]),
            ),
          ),
        ),
      );
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};
