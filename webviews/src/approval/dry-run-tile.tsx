import { plain } from '@bregma/core/contracts/plain-text';
import type { Shown } from '../kit/component.tsx';
import { shown } from '../kit/format.ts';
import { count } from '../kit/lab-format.ts';
import type { PlanModel } from './model.ts';

/** What the driver would do, the checks that it passes, and its first trials. */
export function DryRunTile({ model: { dryRun }, host }: Shown<PlanModel>) {
  const { would, activity, checks, trace, trials, blocks, problem } = dryRun;
  return (
    <section class="tile" aria-labelledby="dry">
      <h2 id="dry">Dry run</h2>
      {would !== undefined && (
        <p>
          {`The driver would ${plain(would, 500)}. `}
          {activity !== undefined && (
            <button
              type="button"
              class="link"
              data-focus="dry-run"
              onClick={() => host.send('open-record', { id: activity })}
            >
              record
            </button>
          )}
        </p>
      )}
      <ul class="plain checks">
        {checks.map(({ ok, says }) => (
          <li class={ok ? 'ok' : 'not-ok'}>
            <span class="visually-hidden">{ok ? 'Passes: ' : 'Fails: '}</span>
            {plain(says, 300)}
          </li>
        ))}
      </ul>
      {problem !== undefined && <p class="note bad">{plain(problem, 300)}</p>}
      {trace.length > 0 && <Trace trace={trace} />}
      <p class="quiet">
        {trace.length < trials
          ? `First ${trace.length} of ${trials} trials in ${count(blocks, 'block')}.`
          : `All ${trials} trials, in ${count(blocks, 'block')}.`}
      </p>
    </section>
  );
}

function Trace({ trace }: { trace: PlanModel['dryRun']['trace'] }) {
  return (
    <div class="trace" tabIndex={0} role="region" aria-label="Trials in order of presentation">
      <table>
        <thead>
          <tr>
            {['Trial', 'Block', 'Stimulus', 'At'].map((name) => (
              <th scope="col" class="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trace.map(({ trial, block, stimulus, atS }) => (
            <tr key={trial} class={block % 2 ? 'odd' : ''}>
              {[trial, block, stimulus, `${shown(atS)} s`].map((value) => (
                <td class="num">{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
