import { type Shown, shownAnew } from '../kit/component.tsx';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { ComparisonModel } from './model.ts';
import { NumbersFigure } from './numbers.tsx';
import { DifferenceTable, OutputTable, Sides } from './tables.tsx';
import style from './view.css';

function Body({ model: now, host }: Shown<ComparisonModel>) {
  const open = (id: string) => host.send('open', { id });
  const figures = now.equal ? [] : now.numbers.filter(({ pairs, differing }) => pairs.length > 2 && differing > 0);
  return (
    <>
      <h1>{now.as === 'replay' ? 'Replay' : 'Comparison'}</h1>
      <Verdict {...now} />
      <Sides before={now.before} after={now.after} open={open} />
      <DifferenceTable
        title="Asked"
        rows={now.asked}
        none="Both asked the same: tool, arguments, releases, inputs and seed."
      />
      <DifferenceTable title="How it was run" rows={now.run} none="Same code, client and status." />
      <DifferenceTable
        title="Answer"
        rows={now.answer}
        none={now.equal ? 'The same bytes.' : 'The answers say the same; the objects below differ.'}
        note={now.more && 'More places differ than are listed.'}
      />
      <OutputTable outputs={now.outputs} open={open} />
      {figures.length > 0 && <h2>Numbers, before and after</h2>}
      {figures.map((numbers) => (
        <NumbersFigure key={numbers.path} numbers={numbers} after={now.after} host={host} />
      ))}
    </>
  );
}

function Verdict({ as, equal, run, answer, outputs }: ComparisonModel) {
  const otherCode = run.some(({ path }) => path === 'code');
  const differ = outputs.filter((output) => !output.equal).length;
  const where = [
    answer.length > 0 ? `${answer.length === 1 ? 'one place' : `${answer.length} places`} of the answer` : '',
    differ > 0 ? `${differ === 1 ? 'one object' : `${differ} objects`}` : '',
  ].filter(Boolean);
  const both = as === 'replay' ? 'Bit-equal: the repetition gave' : 'Both gave';
  return (
    <div role="status" class={equal ? 'verdict good' : 'verdict bad'}>
      <strong>
        {equal
          ? `✓ ${both} the same answer and the same objects, byte for byte.`
          : `✗ They differ in ${where.join(' and ') || 'their bytes'}.`}
      </strong>
      {otherCode && !equal && <p>The code is not the same: a difference may come from it.</p>}
    </div>
  );
}

/** Two activities side by side: one and its repetition, or any two. Bit-equal, or where they differ and by how much. */
export const comparison: View<ComparisonModel> = {
  name: 'comparison',
  style,
  parse: (value) => parsed(ComparisonModel, value, 'comparison'),
  render: shownAnew(Body),
};
