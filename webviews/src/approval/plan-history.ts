import { h, plain } from '../kit/dom.ts';
import { kindMark } from '../kit/kind-mark.ts';
import { count, moment } from '../kit/lab-format.ts';
import { stateMark } from '../kit/state-mark.ts';
import type { ViewHost } from '../kit/view.ts';
import type { PlanModel } from './model.ts';

/** The experiments that ran this plan, and the button that stops one. */
export function experimentNotes({ experiments }: PlanModel, host: ViewHost): HTMLElement[] {
  return experiments.map(({ id, state, reason, delivered, asked, kind, approvedBy, at }) => {
    const live = state === 'running' || state === 'elsewhere';
    const bar = h('progress', { max: String(asked), value: String(delivered ?? 0), 'aria-label': 'Trials delivered' });
    return h(
      'section',
      { class: 'tile experiment', 'aria-label': `Experiment ${id}` },
      h(
        'div',
        { class: 'row spread' },
        h(
          'span',
          { class: 'row' },
          stateMark(state),
          // SAFETY: the lab writes the kind of its values; any other word would be shown without a mark.
          kind !== undefined && kindMark(kind as Parameters<typeof kindMark>[0]),
          `${delivered ?? 0} of ${count(asked, 'trial')}`,
        ),
        live &&
          h(
            'button',
            { class: 'danger', 'data-focus': `stop ${id}`, click: () => host.send('stop', { id }) },
            'Stop before the next trial',
          ),
      ),
      bar,
      h(
        'p',
        { class: 'quiet' },
        `Approved by ${plain(approvedBy, 80)}, began ${moment(at)}. ${reason ? `${plain(reason, 300)}. ` : ''}`,
        h('button', { class: 'link', 'data-focus': `record ${id}`, click: () => host.send('open-record', { id }) }, id),
      ),
    );
  });
}

/** In what it differs from the plan before it: an approval of that one does not hold here. */
export function changeNote({ change }: PlanModel, host: ViewHost): HTMLElement | false {
  if (!change) return false;
  const link = h(
    'button',
    { class: 'link', 'data-focus': 'before', click: () => host.send('open-plan', { id: change.since }) },
    change.since,
  );
  return h(
    'details',
    { class: `note${change.approved ? ' warn' : ''}` },
    h(
      'summary',
      {},
      change.approved
        ? 'An earlier plan was approved, and this is another one: that approval does not hold here. '
        : 'Not the first plan for this hypothesis. ',
      count(change.differences.length, 'difference'),
    ),
    h('p', {}, 'Compared with ', link, ':'),
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'What'),
          h('th', { scope: 'col' }, 'Before'),
          h('th', { scope: 'col' }, 'Now'),
        ),
      ),
      h(
        'tbody',
        {},
        ...change.differences.map(({ what, before, after }) =>
          h(
            'tr',
            {},
            h('td', {}, what),
            h('td', {}, plain(before, 200)),
            h('td', {}, h('strong', {}, plain(after, 200))),
          ),
        ),
      ),
    ),
  );
}
