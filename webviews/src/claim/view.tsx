import { plain } from '@bregma/core/contracts/plain-text';
import { type Shown, shownBy } from '../kit/component.tsx';
import { plainly } from '../kit/format.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { ClaimModel } from './model.ts';

const style = `.bregma-claim .wide { overflow-x: auto; }
.bregma-claim h1 { font-size: 1em; margin: 0; }
.bregma-claim blockquote { border-left: 3px solid var(--line); margin: 4px 0; padding: 0 10px; }
.bregma-claim table { border-collapse: collapse; margin: 6px 0; }
.bregma-claim th, .bregma-claim td { border-bottom: 1px solid var(--line); padding: 2px 10px 2px 0; text-align: left; }
.bregma-claim .state { border: 1px solid currentColor; border-radius: 3px; padding: 0 0.4em; }`;

function Body({ model, host }: Shown<ClaimModel>) {
  const { id, state, content, results, spent } = model;
  const open = (activity: string) => host.send('open-activity', { activity });
  return (
    <>
      <h1>Hypothesis</h1>
      <p>
        <span class="state">{plain(state, 40)}</span> <code>{plain(id, 60)}</code>{' '}
        <button class="quiet" type="button" onClick={() => host.send('open-hypothesis', { id })}>
          Open the card
        </button>
      </p>
      <blockquote>
        <p>{plain(content.claim)}</p>
      </blockquote>
      <p>
        {content.rivals.length === 1 ? 'Rival explanation: ' : 'Rival explanations: '}
        {plain(content.rivals.join(' · '))}
      </p>
      <div class="wide" tabIndex={0} role="group" aria-label="Predictions">
        <table>
          <thead>
            <tr>
              {['Prediction', 'Expected', 'Verdict', 'Estimate', 'n', 'Test'].map((name) => (
                <th scope="col">{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {content.predictions.flatMap((prediction) =>
              testsOf(prediction.id, results).map((result) => (
                <Prediction
                  key={`${prediction.id} ${result?.test}`}
                  prediction={prediction}
                  result={result}
                  open={open}
                />
              )),
            )}
          </tbody>
        </table>
      </div>
      {spent > 0 && (
        <p>
          {spent} test{spent === 1 ? '' : 's'} spent error budget and gave no result.
        </p>
      )}
    </>
  );
}

/** Every test of a prediction, newest first; one row without any. */
function testsOf(id: string, results: ClaimModel['results']): (ClaimModel['results'][number] | undefined)[] {
  const found = results.filter(({ prediction }) => prediction === id).reverse();
  return found.length > 0 ? found : [undefined];
}

interface Row {
  prediction: ClaimModel['content']['predictions'][number];
  /** One test of it. */
  result?: ClaimModel['results'][number];
  open(activity: string): void;
}

function Prediction({ prediction: { id, metric, unit, direction, size }, result, open }: Row) {
  const sign = { greater: '>', less: '<', equivalent: 'within ±' }[direction] ?? direction;
  const expected = `${metric} ${sign} ${size}${unit && unit !== metric ? ` ${unit}` : ''}`;
  return (
    <tr>
      <td>{plain(id, 60)}</td>
      <td>{plain(expected, 200)}</td>
      <td>
        {plain(result?.verdict ?? 'not tested', 40)}
        {result?.demo && ' (demonstration key)'}
        {[result?.postHoc, result?.chosen].map(
          (limit) => limit !== undefined && <small>{` ${plain(limit, 500)}.`}</small>,
        )}
      </td>
      <td>{result && estimate(result)}</td>
      <td>{result && plain(`${result.n.count} ${result.n.of}`, 80)}</td>
      <td>
        {result && (
          <button type="button" onClick={() => open(result.test)}>
            {plain(result.test, 40)}
          </button>
        )}
      </td>
    </tr>
  );
}

function estimate({ estimate: value, low, high }: ClaimModel['results'][number]): string {
  if (value === null) return 'not measured';
  return low === null || high === null ? plainly(value) : `${plainly(value)} (${plainly(low)} to ${plainly(high)})`;
}

/** A hypothesis in a notebook: claim, rivals, what is predicted, and what the tests gave. */
export const claim: View<ClaimModel> = {
  name: 'claim',
  style,
  parse: (value) => parsed(ClaimModel, value, 'claim'),
  render: shownBy(Body),
};
