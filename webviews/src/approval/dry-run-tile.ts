import { h, plain } from '../kit/dom.ts';
import { count, number } from '../kit/lab-format.ts';
import type { ViewHost } from '../kit/view.ts';
import type { PlanModel } from './model.ts';

/** What the driver would do, the checks that it passes, and its first trials. */
export function dryRunTile({ dryRun }: PlanModel, host: ViewHost): HTMLElement {
  const { would, activity, checks, trace, trials, blocks, problem } = dryRun;
  return h(
    'section',
    { class: 'tile', 'aria-labelledby': 'dry' },
    h('h2', { id: 'dry' }, 'Dry run'),
    would !== undefined &&
      h(
        'p',
        {},
        'The driver would ',
        plain(would, 500),
        '. ',
        activity !== undefined &&
          h(
            'button',
            { class: 'link', 'data-focus': 'dry-run', click: () => host.send('open-record', { id: activity }) },
            'record',
          ),
      ),
    h(
      'ul',
      { class: 'plain checks' },
      ...checks.map(({ ok, says }) =>
        h(
          'li',
          { class: ok ? 'ok' : 'not-ok' },
          h('span', { class: 'visually-hidden' }, ok ? 'Passes: ' : 'Fails: '),
          plain(says, 300),
        ),
      ),
    ),
    problem !== undefined && h('p', { class: 'note bad' }, plain(problem, 300)),
    trace.length > 0 &&
      h(
        'div',
        { class: 'trace', tabindex: '0', role: 'region', 'aria-label': 'Trials in order of presentation' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...['Trial', 'Block', 'Stimulus', 'At'].map((name) => h('th', { scope: 'col', class: 'num' }, name)),
            ),
          ),
          h(
            'tbody',
            {},
            ...trace.map(({ trial, block, stimulus, atS }) =>
              h(
                'tr',
                { class: block % 2 ? 'odd' : '' },
                ...[trial, block, stimulus, `${number(atS)} s`].map((value) =>
                  h('td', { class: 'num' }, String(value)),
                ),
              ),
            ),
          ),
        ),
      ),
    h(
      'p',
      { class: 'quiet' },
      trace.length < trials
        ? `First ${trace.length} of ${trials} trials in ${count(blocks, 'block')}.`
        : `All ${trials} trials, in ${count(blocks, 'block')}.`,
    ),
  );
}
