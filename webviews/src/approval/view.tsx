import { plain } from '@bregma/core/contracts/plain-text';
import { type Shown, shownBy } from '../kit/component.tsx';
import labStyle from '../kit/lab.css';
import { moment } from '../kit/lab-format.ts';
import { StateMark } from '../kit/state.tsx';
import type { View } from '../kit/view.ts';
import { DryRunTile } from './dry-run-tile.tsx';
import { PlanModel } from './model.ts';
import { ChangeNote, ExperimentNote } from './plan-history.tsx';
import { EthicsTile, LimitsTile, PlanTile } from './plan-tiles.tsx';
import { SignPanel } from './sign-panel.tsx';
import { SignaturesTile } from './signatures-tile.tsx';
import style from './view.css';

function Body({ model, host }: Shown<PlanModel>) {
  return (
    <div class="lab">
      <Head model={model} host={host} />
      {model.experiments.map((experiment) => (
        <ExperimentNote key={experiment.id} experiment={experiment} host={host} />
      ))}
      <ChangeNote model={model} host={host} />
      <div class="sides">
        <PlanTile model={model} />
        <div class="stack">
          <LimitsTile model={model} />
          <EthicsTile model={model} />
        </div>
        <DryRunTile model={model} host={host} />
      </div>
      <div class="below">
        <SignPanel model={model} host={host} />
        <SignaturesTile model={model} host={host} />
      </div>
    </div>
  );
}

function Head({ model: { id, hash, state, meaning, hypothesis, madeAt, madeBy }, host }: Shown<PlanModel>) {
  return (
    <header>
      <p class="row">
        <StateMark state={state} />
        <span class="quiet">{meaning}</span>
      </p>
      <h1>{`Experiment plan ${id.slice(5, 11)}`}</h1>
      <p class="quiet">
        {`Made ${moment(madeAt)}${madeBy ? ` by ${plain(madeBy, 60)}` : ''}. `}
        <code title={`sha256 ${hash}`}>{id}</code>
      </p>
      <blockquote>
        <button
          type="button"
          class="link"
          data-focus="hypothesis"
          onClick={() => host.send('open-hypothesis', { id: hypothesis.id })}
        >
          {plain(hypothesis.claim, 600) || hypothesis.id}
        </button>
        {hypothesis.predictions.map((says) => (
          <p class="quiet">Predicts: {plain(says, 400)}</p>
        ))}
      </blockquote>
    </header>
  );
}

/** A plan for the person who may sign it: what would be done, within which limits, at what cost, with whose permission. */
export const approval: View<PlanModel> = {
  name: 'approval',
  style: labStyle + style,
  parse: (value) => PlanModel.parse(value),
  render: shownBy(Body),
};
