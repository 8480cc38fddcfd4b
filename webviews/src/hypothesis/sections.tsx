import { plain } from '@bregma/core/contracts/plain-text';
import type { Shown } from '../kit/component.tsx';
import { evidence, shown } from '../kit/format.ts';
import { KindMark } from '../kit/kind.tsx';
import { count, moment } from '../kit/lab-format.ts';
import { Fact } from '../kit/links.tsx';
import { StateMark } from '../kit/state.tsx';
import type { ViewHost } from '../kit/view.ts';
import type { HypothesisModel } from './model.ts';
import { RecordLink } from './prediction-tile.tsx';

/** The experiments that were run for it, and whether each counts. */
export function EvidenceSection({ model: { evidence: rows }, host }: Shown<HypothesisModel>) {
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      {rows.length === 0 ? (
        <p class="quiet">No experiment was run for it yet.</p>
      ) : (
        <ul class="plain experiments">
          {rows.map((row) => (
            <Experiment key={row.experiment} row={row} host={host} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Experiment({ row, host }: { row: HypothesisModel['evidence'][number]; host: ViewHost }) {
  const { experiment, plan, state, kind, counts, why, delivered, asked, subject, driver, approvedBy, demo, at } = row;
  return (
    <li class="tile">
      <div class="row spread">
        <span class="row">
          <StateMark state={state} />
          {kind !== null && <KindMark kind={kind} />}
        </span>
        <strong class={counts ? 'counts' : 'quiet'}>
          {counts ? '✓ counts as evidence' : `not evidence: ${plain(why)}`}
        </strong>
      </div>
      <p>
        {`${delivered ?? 0} of ${asked ?? 'unknown'} trials on ${plain(subject, 120)} by ${plain(driver, 60)}, approved by ${plain(approvedBy, 80)}${demo ? ' with a demonstration key' : ''}, ${moment(at)}`}
      </p>
      <p class="row">
        <RecordLink id={experiment} host={host} />
        <button
          type="button"
          class="link"
          data-focus={`plan ${experiment}`}
          onClick={() => host.send('open-plan', { id: plan })}
        >
          plan and approval
        </button>
      </p>
    </li>
  );
}

const openStates = ['waiting', 'reviewed', 'approved', 'expired', 'rejected', 'void'];

/** Plans that were not run. */
export function PlansSection({ model: { plans }, host }: Shown<HypothesisModel>) {
  const open = plans.filter(({ state }) => openStates.includes(state));
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="plans">
      <h2 id="plans">Plans</h2>
      <ul class="plain experiments">
        {open.map(({ id, state, waiting, about }) => (
          <li key={id} class="tile row spread">
            <span class="row">
              <StateMark state={state} />
              {plain(about, 200)}
            </span>
            <button
              type="button"
              class={waiting ? '' : 'second'}
              data-focus={`plan ${id}`}
              onClick={() => host.send('open-plan', { id })}
            >
              {waiting ? 'Review plan' : 'Open plan'}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What is left of the error budget of the folder. */
export function BudgetTile({ budget }: { budget: HypothesisModel['budget'] }) {
  const { nextLevel, tests, discoveries, alpha, procedure } = budget;
  return (
    <section class="tile" aria-labelledby="budget">
      <h2 id="budget">Error budget left</h2>
      <dl class="facts">
        <Fact name="Next level">{shown(nextLevel)}</Fact>
        <Fact name="Needs">{`e ≥ ${evidence(1 / nextLevel)}`}</Fact>
        <Fact name="Tests so far">{`${tests}, ${count(discoveries, 'discovery', 'discoveries')}`}</Fact>
        <Fact name="Kept to">{`${shown(alpha * 100)} % false discoveries (${plain(procedure, 40)})`}</Fact>
      </dl>
      <p class="quiet after">
        Shared by all hypotheses of this folder; a test is paid for before its numbers are read.
      </p>
    </section>
  );
}

/** What it took the place of, and what took its own. */
export function VersionsTile({ model, host }: Shown<HypothesisModel>) {
  const { supersedes, supersededBy, editedInto, edits } = model;
  const lines: [words: string, ids: string[]][] = [
    ['Superseded by', supersededBy ? [supersededBy] : []],
    ['Edited into', editedInto ? [editedInto] : []],
    ['Supersedes', supersedes ? [supersedes] : []],
    ['Earlier wordings:', edits.slice(0, 20)],
  ];
  const said = lines.filter(([, ids]) => ids.length > 0);
  if (said.length === 0) return null;
  return (
    <section class="tile" aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      {said.map(([words, ids]) => (
        <p key={words}>
          {`${words} `}
          {ids.map((id, i) => (
            <>
              {i > 0 && ', '}
              <button
                type="button"
                class="link"
                data-focus={`hypothesis ${id}`}
                onClick={() => host.send('open-hypothesis', { id })}
              >
                {plain(id)}
              </button>
            </>
          ))}
        </p>
      ))}
    </section>
  );
}
