import { plain } from '@bregma/core/contracts/plain-text';
import type { Shown } from '../kit/component.tsx';
import { KindMarkOf } from '../kit/kind.tsx';
import { count, moment } from '../kit/lab-format.ts';
import { StateMark } from '../kit/state.tsx';
import type { ViewHost } from '../kit/view.ts';
import type { PlanModel } from './model.ts';

/** An experiment that ran this plan, with the button that stops it while it runs. */
export function ExperimentNote({
  experiment: { id, state, reason, delivered, asked, kind, approvedBy, at },
  host,
}: {
  experiment: PlanModel['experiments'][number];
  host: ViewHost;
}) {
  return (
    <section class="tile experiment" aria-label={`Experiment ${id}`}>
      <div class="row spread">
        <span class="row">
          <StateMark state={state} />
          <KindMarkOf kind={kind} />
          {`${delivered ?? 0} of ${count(asked, 'trial')}`}
        </span>
        {(state === 'running' || state === 'elsewhere') && (
          <button type="button" class="danger" data-focus={`stop ${id}`} onClick={() => host.send('stop', { id })}>
            Stop before the next trial
          </button>
        )}
      </div>
      <progress max={asked} value={delivered ?? 0} aria-label="Trials delivered" />
      <p class="quiet">
        {`Approved by ${plain(approvedBy, 80)}, began ${moment(at)}. ${reason ? `${plain(reason, 300)}. ` : ''}`}
        <button type="button" class="link" data-focus={`record ${id}`} onClick={() => host.send('open-record', { id })}>
          {id}
        </button>
      </p>
    </section>
  );
}

/** In what it differs from the plan before it: an approval of that one does not hold here. */
export function ChangeNote({ model: { change }, host }: Shown<PlanModel>) {
  if (!change) return null;
  const { since, approved, differences } = change;
  return (
    <details class={`note${approved ? ' warn' : ''}`}>
      <summary>
        {approved
          ? 'An earlier plan was approved, and this is another one: that approval does not hold here. '
          : 'Not the first plan for this hypothesis. '}
        {count(differences.length, 'difference')}
      </summary>
      <p>
        Compared with{' '}
        <button type="button" class="link" data-focus="before" onClick={() => host.send('open-plan', { id: since })}>
          {since}
        </button>
        :
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Before</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          {differences.map(({ what, before, after }) => (
            <tr key={what}>
              <td>{what}</td>
              <td>{plain(before, 200)}</td>
              <td>
                <strong>{plain(after, 200)}</strong>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
