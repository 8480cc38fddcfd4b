import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { type CausalData, loadCausal } from '../data.ts';
import { without } from '../encoding/score.ts';
import type { ValidationRequest } from '../kinds/kind.ts';
import { type CausalProblem, loadProblem } from '../load-anatomy.ts';
import { supportOf, type Wiring } from './anatomy.ts';
import { copiedColumns } from './copied-columns.ts';
import { describeValidity } from './describe-validity.ts';
import { columnsOf } from './fit.ts';
import { crossFit, fitColumns, groupColumns, offDiagonal, placeColumns } from './fit-columns.ts';
import { predictResponses } from './linear-dynamics.ts';
import type { CausalModel, CausalSettings } from './model.ts';
import { stimulatedNeurons } from './stimulations.ts';
import { openCausalTwin, respond } from './twin.ts';
import { advantage, causalCorrelation, matchNeurons, withoutConnections } from './validity.ts';

/** Predictions for what is tested, fitted with these connections; NaN for what was fitted to. */
type Procedure = (wiring: Wiring, seed: string) => Promise<Float64Array>;

/** Validity of a twin, or a kind of twin, that is fitted to causal responses, on stimulations that it was not fitted to. */
export async function validateCausal(model: CausalModel, request: ValidationRequest, context: ToolContext) {
  const { twin, options, data, protocol, controls: shuffles = 5, seed } = request;
  const settings = model.settings(options);
  const problem = await loadProblem(twin?.data ?? data, settings, context.workspace);
  const tested = await loadCausal(data, context.workspace);
  const copied = copiedColumns(problem.recording, tested);
  const refit = procedureOf(model, request, problem, copied, context);
  let done = 0;
  const report = (message: string) => context.progress({ done: done++, total: shuffles + 4, message });

  report('predictions');
  const seedOfWiring = `wiring ${twin?.seed ?? seed}`;
  const predicted =
    protocol === 'heldout' && twin
      ? await heldOut(request, problem, tested, copied, context)
      : await refit(settings.wiring, seedOfWiring);
  const names = problem.recording.names;
  const match = (responses: Float64Array) =>
    matchNeurons({ names, responses }, { names: tested.names, responses: offDiagonal(tested) });
  const matched = match(predicted);
  if (matched.names.length < 3)
    throw new BregmaError(
      'bad-input',
      `${problem.recording.reference} and ${tested.reference} share ${matched.names.length} neurons by name.`,
    );

  const shuffled: Float64Array[] = [];
  for (let i = 0; i < (settings.wiring === 'anatomy' ? shuffles : 0); i++) {
    report(`fitted anew to shuffled wiring, ${i + 1} of ${shuffles}`);
    shuffled.push(match(await refit('shuffled', `${seed} ${i}`)).predicted);
  }
  report('fitted anew without anatomy');
  const anyPair = match(await refit('all', '')).predicted;
  const alone = match(await refit('none', '')).predicted;
  const r = (other: Float64Array) => finite(causalCorrelation({ ...matched, predicted: other }));
  const overShuffled = shuffled.map((other) => causalCorrelation({ ...matched, predicted: other }));
  report('homologues left out together');
  const homologues =
    protocol === 'cv5' && settings.bilateral
      ? match((await crossed(problem, settings, settings.wiring, seedOfWiring, seed, true, context.signal)).predictions)
      : undefined;

  const described = describeValidity(
    matched,
    { recording: tested, connectome: problem.connectome, anatomy: problem.sources.references },
    context.workspace,
  );
  return {
    ...described,
    value: {
      protocol,
      twin: twin?.id,
      kind: model.name,
      ...described.value,
      control: overShuffled.length > 0 ? median(overShuffled) : null,
      controlRange:
        overShuffled.length > 0
          ? {
              low: Math.min(...overShuffled),
              high: Math.max(...overShuffled),
              p95: quantile(overShuffled, 0.95),
              n: shuffles,
            }
          : null,
      controlIs: 'the same procedure fitted anew to degree-preserving shuffles of its anatomy',
      controlAdvantage: overShuffled.length > 0 ? advantage(matched, shuffled) : null,
      connectionBlind: {
        rowMean: {
          pearson: r(alone),
          advantage: advantage(matched, [alone]),
          is: 'the mean response of each neuron to the training stimulations, whichever neuron is stimulated',
        },
        anyPair: {
          pearson: r(anyPair),
          advantage: advantage(matched, [anyPair]),
          is: 'the same procedure with every pair of neurons allowed: what responses tell without anatomy',
        },
        leaveOneOutMean: r(withoutConnections(matched)),
      },
      homologuesLeftOutTogether: homologues ? finite(causalCorrelation(homologues)) : undefined,
    },
    licence: [...problem.sources.licences, tested.release.card.licence],
    cite: [...model.cite, ...problem.sources.cite, ...tested.release.card.cite],
    inputs: [...(twin ? [twin.id] : []), ...described.release],
    seed,
  };
}

/** Fits anew to what is not tested: in five folds, or once to the columns that the twin (or the first half) has. */
function procedureOf(
  model: CausalModel,
  { twin, options, protocol, seed }: ValidationRequest,
  problem: CausalProblem,
  copied: ReadonlySet<number>,
  { signal }: ToolContext,
): Procedure {
  const settings = model.settings(options);
  const n = problem.recording.names.length;
  return async (wiring, wiringSeed) => {
    if (protocol === 'cv5')
      return (await crossed(problem, settings, wiring, wiringSeed, seed, false, signal)).predictions;
    const columns = twin?.fittedOn.indices ?? columnsOf(problem, protocol === 'half' ? 'first-half' : 'all');
    const support = supportOf(problem.anatomy, n, wiring, wiringSeed);
    const fit = await fitColumns(problem.recording, support, columns, settings, signal);
    return unseen(
      await predictResponses(fit.W, fit),
      Array.from(columns).filter((column) => copied.has(column)),
      n,
    );
  };
}

function crossed(
  { recording, anatomy }: CausalProblem,
  settings: CausalSettings,
  wiring: Wiring,
  wiringSeed: string,
  seed: number,
  bySide: boolean,
  signal: AbortSignal,
) {
  const columns = stimulatedNeurons(recording);
  const support = supportOf(anatomy, recording.names.length, wiring, wiringSeed);
  const sets = groupColumns(recording, columns, 5, `cv5 ${seed}`, bySide);
  return crossFit(recording, support, columns, settings, { sets, signal });
}

/** Predictions of a twin that exists, for what it was not fitted to. */
async function heldOut(
  { twin }: ValidationRequest,
  { recording }: CausalProblem,
  tested: CausalData,
  copied: ReadonlySet<number>,
  { workspace }: ToolContext,
): Promise<Float64Array> {
  if (!twin) throw new BregmaError('bad-input', 'heldout judges a twin that exists.');
  const opened = openCausalTwin(twin, workspace);
  const stimulated = stimulatedNeurons(recording);
  const seen = (twin.fittedOn.indices ?? stimulated).filter((column) => copied.has(column));
  const known = new Set(seen.map((column) => recording.names[column]));
  if (stimulatedNeurons(tested).every((column) => known.has(tested.names[column])))
    throw new BregmaError(
      'conflict',
      `${twin.id} was fitted on every stimulated neuron of ${tested.reference}${tested.reference === recording.reference ? '' : `, whose responses are those of ${recording.reference}`}: nothing of it is held out.`,
      { next: 'Build it with part: "first-half", or use protocol cv5 with its kind and options.' },
    );
  return unseen((await respond(opened))[0], seen, opened.neurons);
}

/** NaN in the columns that were fitted to. */
function unseen(responses: Float64Array, seen: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n * n).fill(Number.NaN);
  placeColumns(responses, without(n, seen), out, n);
  return out;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
