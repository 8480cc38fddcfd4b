import { plain } from '@bregma/core/contracts/plain-text';
import { type Shown, shownBy } from '../kit/component.tsx';
import labStyle from '../kit/lab.css';
import { moment } from '../kit/lab-format.ts';
import { StateMark } from '../kit/state.tsx';
import type { View } from '../kit/view.ts';
import { HypothesisModel } from './model.ts';
import { PredictionTile } from './prediction-tile.tsx';
import { BudgetTile, EvidenceSection, PlansSection, VersionsTile } from './sections.tsx';
import style from './view.css';

function Body({ model, host }: Shown<HypothesisModel>) {
  const { state, claim, meaning, rivals, predictions, plan } = model;
  return (
    <div class="lab">
      <header>
        <p class="row">
          <StateMark state={state} />
          <span class="quiet">{meaning}</span>
        </p>
        <h1>{plain(claim)}</h1>
        <Stamps model={model} />
        <Actions model={model} host={host} />
      </header>
      <div class="sheet">
        <div class="main">
          <section aria-labelledby="predictions">
            <h2 id="predictions">{state === 'draft' ? 'Predictions' : 'Frozen predictions'}</h2>
            {predictions.map((prediction) => (
              <PredictionTile key={prediction.id} prediction={prediction} twins={model.twins} host={host} />
            ))}
          </section>
          <EvidenceSection model={model} host={host} />
          <PlansSection model={model} host={host} />
        </div>
        <aside aria-label="Context">
          <section class="tile" aria-labelledby="rivals">
            <h2 id="rivals">{rivals.length === 1 ? 'Rival' : 'Rivals'}</h2>
            <ul class="plain rivals">
              {rivals.map((rival) => (
                <li>{plain(rival, 1000)}</li>
              ))}
            </ul>
          </section>
          <BudgetTile budget={model.budget} />
          {plan !== undefined && (
            <section class="tile" aria-labelledby="how">
              <h2 id="how">How it will be tested</h2>
              <p class="prose">{plain(plan, 4000)}</p>
            </section>
          )}
          <VersionsTile model={model} host={host} />
        </aside>
      </div>
    </div>
  );
}

function Stamps({ model: { id, digest, drafted, frozen } }: { model: HypothesisModel }) {
  const by = (who?: string) => (who ? ` by ${plain(who, 60)}` : '');
  return (
    <p class="quiet stamps">
      {`Drafted ${moment(drafted.at)}${by(drafted.by)}. `}
      {frozen ? `Frozen ${moment(frozen.at)}${by(frozen.by)}. ` : 'Not frozen. '}
      <code title={`sha256 ${digest}`}>{id}</code>
    </p>
  );
}

function Actions({ model: { moves, state, trusted }, host }: Shown<HypothesisModel>) {
  if (!trusted) return <p class="note warn">This workspace is not trusted: nothing can be changed.</p>;
  const newVersion = 'action' in moves.superseded;
  if (state !== 'draft' && !newVersion) return null;
  const button = (intent: string, label: string, className = '') => (
    <button type="button" class={className} data-focus={intent} onClick={() => host.send(intent)}>
      {label}
    </button>
  );
  return (
    <div class="row actions">
      {state === 'draft' && button('freeze', 'Freeze…')}
      {state === 'draft' && button('edit', 'Edit draft', 'second')}
      {newVersion && button('supersede', 'New version', 'second')}
    </div>
  );
}

/** One hypothesis: claim, rivals, predictions with what tests found, evidence, error budget, versions. */
export const hypothesis: View<HypothesisModel> = {
  name: 'hypothesis',
  style: labStyle + style,
  parse: (value) => HypothesisModel.parse(value),
  render: shownBy(Body),
};
