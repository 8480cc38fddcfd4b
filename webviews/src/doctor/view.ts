import { h, plain } from '../kit/dom.ts';
import type { View } from '../kit/view.ts';
import { DoctorModel } from './model.ts';
import style from './view.css';

const marks = { ok: '✓', optional: '–', missing: '✗' };
const words = { ok: 'is there', optional: 'not there, not needed', missing: 'is missing' };

/** What this machine has of what Bregma needs, each with the button that mends it. */
export const doctor: View<DoctorModel> = {
  name: 'doctor',
  style,
  parse: (value) => DoctorModel.parse(value),
  render({ model, el, host }) {
    const summary = h('p', { role: 'status' });
    const list = h('ul', { 'aria-label': 'Findings' });
    const again = h('button', { type: 'button', click: () => host.send('check') }, 'Check Again');
    const version = h('span', { class: 'version' });
    el.replaceChildren(h('header', {}, h('h1', {}, 'Bregma: Doctor'), version, again), summary, list);
    const draw = ({ version: text, busy, findings }: DoctorModel) => {
      version.textContent = plain(text, 60);
      const missing = findings.filter(({ state }) => state === 'missing').length;
      summary.textContent = busy
        ? 'Looking…'
        : missing === 0
          ? 'Everything that is needed is there.'
          : `${missing} ${missing === 1 ? 'thing is' : 'things are'} missing.`;
      again.disabled = busy;
      // SAFETY: the page is HTML, so what has its focus is an HTML element.
      const focused = (document.activeElement as HTMLElement | null)?.dataset.id;
      list.replaceChildren(
        ...findings.map(({ id, what, state, detail, fix, button }) =>
          h(
            'li',
            { 'data-state': state },
            h('span', { class: 'mark', role: 'img', 'aria-label': words[state] }, marks[state]),
            h(
              'div',
              {},
              h('strong', {}, plain(what, 200)),
              h('p', {}, plain(detail)),
              state === 'missing' && fix ? h('p', { class: 'fix' }, plain(fix)) : null,
            ),
            button
              ? h(
                  'button',
                  {
                    type: 'button',
                    'data-id': id,
                    disabled: busy,
                    'aria-label': `${plain(what, 200)}: ${plain(button, 60)}`,
                    click: () => host.send('mend', { id }),
                  },
                  plain(button, 60),
                )
              : null,
          ),
        ),
      );
      if (focused) list.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};
