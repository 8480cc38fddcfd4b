import { h } from '../kit/dom.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { ComparisonModel } from './model.ts';
import { drawNumbers } from './numbers.ts';
import { differenceTable, outputTable, sides } from './tables.ts';
import style from './view.css';

/** Two activities side by side: one and its repetition, or any two. Bit-equal, or where they differ and by how much. */
export const comparison: View<ComparisonModel> = {
  name: 'comparison',
  style,
  parse: (value) => parsed(ComparisonModel, value, 'comparison'),
  render({ model, el, host }) {
    let drawn: (() => void)[] = [];
    const draw = (now: ComparisonModel) => {
      for (const dispose of drawn) dispose();
      const open = (id: string) => host.send('open', { id });
      const figures = now.equal ? [] : now.numbers.filter(({ pairs, differing }) => pairs.length > 2 && differing > 0);
      const places = figures.map(() => h('section', { class: 'numbers' }));
      el.replaceChildren(
        h('h1', {}, now.as === 'replay' ? 'Replay' : 'Comparison'),
        verdict(now),
        sides(now, open),
        differenceTable('Asked', now.asked, 'Both asked the same: tool, arguments, releases, inputs and seed.'),
        differenceTable('How it was run', now.run, 'Same code, client and status.'),
        differenceTable(
          'Answer',
          now.answer,
          now.equal ? 'The same bytes.' : 'The answers say the same; the objects below differ.',
          now.more ? 'More places differ than are listed.' : undefined,
        ),
        outputTable(now.outputs, open),
        figures.length > 0 ? h('h2', {}, 'Numbers, before and after') : '',
        ...places,
      );
      drawn = figures.map((numbers, i) => drawNumbers(numbers, now, places[i], host));
    };
    draw(model);
    return {
      update: draw,
      dispose() {
        for (const dispose of drawn) dispose();
        el.replaceChildren();
      },
    };
  },
};

function verdict({ as, equal, run, answer, outputs }: ComparisonModel): HTMLElement {
  const code = run.find(({ path }) => path === 'code');
  const differ = outputs.filter((output) => !output.equal).length;
  const where = [
    answer.length > 0 ? `${answer.length === 1 ? 'one place' : `${answer.length} places`} of the answer` : '',
    differ > 0 ? `${differ === 1 ? 'one object' : `${differ} objects`}` : '',
  ].filter(Boolean);
  const text = equal
    ? as === 'replay'
      ? '✓ Bit-equal: the repetition gave the same answer and the same objects, byte for byte.'
      : '✓ Both gave the same answer and the same objects, byte for byte.'
    : `✗ They differ in ${where.join(' and ') || 'their bytes'}.`;
  return h(
    'div',
    { role: 'status', class: equal ? 'verdict good' : 'verdict bad' },
    h('strong', {}, text),
    code && !equal ? h('p', {}, 'The code is not the same: a difference may come from it.') : undefined,
  );
}
