import { plain } from '@bregma/core/contracts/plain-text';
import type { ComponentChild } from 'preact';
import { evidence, shown } from '../kit/format.ts';
import { count, moment } from '../kit/lab-format.ts';
import { Fact } from '../kit/links.tsx';
import { StateMark } from '../kit/state.tsx';
import type { ViewHost } from '../kit/view.ts';
import { Forest } from './forest.tsx';
import type { HypothesisModel, PredictionView, TestView } from './model.ts';

interface Parts {
  prediction: PredictionView;
  twins: HypothesisModel['twins'];
  host: ViewHost;
}

/** A prediction: what is expected, what its newest test found, and what earlier ones did. */
export function PredictionTile({ prediction, twins, host }: Parts) {
  const { id, says, because, direction, size, unit, tests, between, metric } = prediction;
  const [test] = tests;
  const sign = { greater: `> ${shown(size)}`, less: `< ${shown(size)}`, equivalent: `within ± ${shown(size)}` }[
    direction
  ];
  return (
    <article class="tile prediction">
      <div class="row spread">
        <h3>
          <code class="quiet">{plain(id)}</code> {plain(metric)} <strong>{`${sign} ${plain(unit ?? '')}`}</strong>
        </h3>
        {test && <StateMark state={test.verdict === 'spent' ? 'tested' : test.verdict} />}
      </div>
      <p>{plain(says, 1000)}</p>
      {because !== undefined && <p class="quiet">Why: {plain(because, 500)}</p>}
      <Forest prediction={prediction} test={test} />
      {test ? <Numbers test={test} unit={unit ?? ''} host={host} /> : <p class="quiet">Not tested yet.</p>}
      {tests.length > 1 && (
        <details>
          <summary>{count(tests.length - 1, 'earlier test')}</summary>
          {tests.slice(1).map((earlier) => (
            <Numbers key={earlier.id} test={earlier} unit={unit ?? ''} host={host} />
          ))}
        </details>
      )}
      <p class="quiet twins">
        {between.map((twin, i) => (
          <>
            {i > 0 && <br />}
            {between.length > 1 && `${i + 1}. `}
            {nameOf(twin, twins)}
            <code>{plain(twin, 60)}</code>
          </>
        ))}
      </p>
    </article>
  );
}

function nameOf(id: string, twins: HypothesisModel['twins']): string {
  const twin = twins.find((candidate) => candidate.id === id);
  return twin ? `${plain(twin.title, 120)}, fitted on ${plain(twin.data, 80)} ` : 'not in this folder ';
}

function Numbers({ test, unit, host }: { test: TestView; unit: string; host: ViewHost }) {
  const { estimate, low, high, eFor, eAgainst, level, n, index, procedure, verdict, demo, chosen, postHoc } = test;
  const link = <RecordLink id={test.id} host={host} />;
  if (verdict === 'spent')
    return (
      <p class="note warn">
        {`Test ${index} was paid for (level ${shown(level)}) and left no result: it may still run, or its process ended. `}
        {link}
      </p>
    );
  const needed = 1 / level;
  const reached = (e: number | null) => (postHoc === undefined && e !== null && e >= needed ? ' ✓ reached' : '');
  const facts: [name: string, value: ComponentChild][] = [
    ['Estimate', <strong>{`${shown(estimate)}${estimate === null ? '' : ` ${plain(unit)}`}`}</strong>],
    ['95 % interval', low === null ? 'not measured' : `${shown(low)} to ${shown(high)}`],
    ['n', n ? `${n.count} ${plain(n.of, 80)}` : 'not measured'],
    ['e-value for it', `${evidence(eFor)}${reached(eFor)}`],
    ['e-value against it', `${evidence(eAgainst)}${reached(eAgainst)}`],
    [
      'Needed',
      postHoc === undefined
        ? `e ≥ ${evidence(needed)} (level ${shown(level)}, test ${index}, ${plain(procedure, 40)})`
        : 'nothing decides: it is post hoc, and spent no level',
    ],
    [
      'Test',
      <>
        {link}
        {` on ${plain(test.experiment)}, ${moment(test.at)}`}
      </>,
    ],
  ];
  return (
    <div class="numbers">
      <dl class="facts">
        {facts.map(([name, value]) => (
          <Fact name={name}>{value}</Fact>
        ))}
      </dl>
      {postHoc !== undefined && <p class="note warn">{`Post hoc: ${plain(postHoc, 500)}.`}</p>}
      {chosen !== undefined && <p class="note">{`${plain(chosen, 500)}.`}</p>}
      {demo && (
        <p class="note warn">The experiment was approved with a demonstration key: no person stands behind it.</p>
      )}
    </div>
  );
}

/** A button that opens a record. */
export const RecordLink = ({ id, host }: { id: string; host: ViewHost }) => (
  <button type="button" class="link" data-focus={`record ${id}`} onClick={() => host.send('open-record', { id })}>
    {plain(id)}
  </button>
);
