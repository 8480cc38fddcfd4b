import { h, plain } from '../kit/dom.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { ClaimModel } from './model.ts';

/** A hypothesis in a notebook: claim, rivals, what is predicted, and what the tests gave. */
export const claim: View<ClaimModel> = {
  name: 'claim',
  style: `.bregma-claim blockquote { border-left: 3px solid var(--line); margin: 4px 0; padding: 0 10px; }
.bregma-claim table { border-collapse: collapse; margin: 6px 0; }
.bregma-claim th, .bregma-claim td { border-bottom: 1px solid var(--line); padding: 2px 10px 2px 0; text-align: left; }
.bregma-claim .state { border: 1px solid currentColor; border-radius: 3px; padding: 0 0.4em; }`,
  parse: (value) => parsed(ClaimModel, value, 'claim'),
  render({ model, el, host }) {
    const draw = ({ id, state, content, results, spent }: ClaimModel) => {
      const open = (record: string) =>
        h(
          'button',
          { type: 'button', click: () => host.send('open-activity', { activity: record }) },
          plain(record, 40),
        );
      const button = h(
        'button',
        { class: 'quiet', type: 'button', click: () => host.send('open-hypothesis', { id }) },
        'Open the card',
      );
      el.replaceChildren(
        h('p', {}, h('span', { class: 'state' }, plain(state, 40)), ' ', h('code', {}, plain(id, 60)), ' ', button),
        h('blockquote', {}, h('p', {}, plain(content.claim))),
        h(
          'p',
          {},
          content.rivals.length === 1 ? 'Rival explanation: ' : 'Rival explanations: ',
          plain(content.rivals.join(' · ')),
        ),
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...['Prediction', 'Expected', 'Verdict', 'Estimate', 'n', 'Test'].map((name) =>
                h('th', { scope: 'col' }, name),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            ...content.predictions.map((prediction) => {
              const result = results.findLast((one) => one.prediction === prediction.id);
              const { metric, unit, direction, size } = prediction;
              const sign = { greater: '>', less: '<', equivalent: 'within ±' }[direction] ?? direction;
              const interval =
                result && result.low !== null && result.high !== null
                  ? ` (${short(result.low)} to ${short(result.high)})`
                  : '';
              return h(
                'tr',
                {},
                h('td', {}, plain(prediction.id, 60)),
                h('td', {}, plain(`${metric} ${sign} ${size}${unit && unit !== metric ? ` ${unit}` : ''}`, 200)),
                h('td', {}, plain(result?.verdict ?? 'not tested', 40), result?.demo ? ' (demonstration key)' : null),
                h(
                  'td',
                  {},
                  result ? (result.estimate === null ? 'not measured' : `${short(result.estimate)}${interval}`) : '',
                ),
                h('td', {}, result ? plain(`${result.n.count} ${result.n.of}`, 80) : ''),
                h('td', {}, result ? open(result.test) : ''),
              );
            }),
          ),
        ),
        ...(spent > 0
          ? [h('p', {}, `${spent} test${spent === 1 ? '' : 's'} spent error budget and gave no result.`)]
          : []),
      );
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};

const short = (value: number) => String(Number(value.toPrecision(3)));
