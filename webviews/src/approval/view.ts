import { h, plain } from '../kit/dom.ts';
import { keepFocus } from '../kit/keep-focus.ts';
import labStyle from '../kit/lab.css';
import { moment } from '../kit/lab-format.ts';
import { stateMark } from '../kit/state-mark.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { dryRunTile } from './dry-run-tile.ts';
import { PlanModel } from './model.ts';
import { changeNote, experimentNotes } from './plan-history.ts';
import { ethicsTile, limitsTile, planTile } from './plan-tiles.ts';
import { type SignChoice, signPanel } from './sign-panel.ts';
import { signaturesTile } from './signatures-tile.ts';
import style from './view.css';

/** A plan for the person who may sign it: what would be done, within which limits, at what cost, with whose permission. */
export const approval: View<PlanModel> = {
  name: 'approval',
  style: labStyle + style,
  parse: (value) => PlanModel.parse(value),
  render({ model, el, host }) {
    const chosen: SignChoice = { meaning: 'approve', hours: 24, comment: '' };
    let drawn = '';
    const draw = (next: PlanModel) => {
      // The editor looks every two seconds; a page that would be the same stays as it is.
      const text = JSON.stringify(next);
      if (text === drawn) return;
      drawn = text;
      keepFocus(el, () => el.replaceChildren(page(next, host, chosen)));
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};

function page(model: PlanModel, host: ViewHost, chosen: SignChoice): HTMLElement {
  const { id, hash, state, meaning, hypothesis, madeAt, madeBy } = model;
  return h(
    'div',
    { class: 'lab' },
    h(
      'header',
      {},
      h('p', { class: 'row' }, stateMark(state), h('span', { class: 'quiet' }, meaning)),
      h('h1', {}, `Experiment plan ${id.slice(5, 11)}`),
      h(
        'p',
        { class: 'quiet' },
        `Made ${moment(madeAt)}${madeBy ? ` by ${plain(madeBy, 60)}` : ''}. `,
        h('code', { title: `sha256 ${hash}` }, id),
      ),
      h(
        'blockquote',
        {},
        h(
          'button',
          {
            class: 'link',
            'data-focus': 'hypothesis',
            click: () => host.send('open-hypothesis', { id: hypothesis.id }),
          },
          plain(hypothesis.claim, 600) || hypothesis.id,
        ),
        ...hypothesis.predictions.map((says) => h('p', { class: 'quiet' }, 'Predicts: ', plain(says, 400))),
      ),
    ),
    ...experimentNotes(model, host),
    changeNote(model, host),
    h(
      'div',
      { class: 'sides' },
      planTile(model),
      h('div', { class: 'stack' }, limitsTile(model), ethicsTile(model)),
      dryRunTile(model, host),
    ),
    h('div', { class: 'below' }, signPanel(model, host, chosen), signaturesTile(model, host)),
  );
}
