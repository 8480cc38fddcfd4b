import type { Outcome } from '@bregma/core/contracts/answer';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { neuronsOfTwin, seenBy, seenInRecording } from '@bregma/core/experiment/exposure';
import { firstHalf, firstHalfByIndex } from '@bregma/core/identity/first-half';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { fewestExplainable } from '@bregma/core/statistics/explained-variance';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Half, Protocol, Validated, ValidationRequest } from '../kinds/kind.ts';
import { besideControl } from './beside-control.ts';
import { type DistinctData, loadDistinct } from './distinct.ts';
import { setsByDomain } from './domains.ts';
import { featuresOf } from './feature-cache.ts';
import type { EncodingModel } from './model.ts';
import { predictAll } from './predict.ts';
import { fewestStimuli, fitRidge } from './ridge.ts';
import { folds, place, score, type Validity, without } from './score.ts';

/** What r²_ER and FEVE are defined in. */
const ofRepeats = [
  'Pospisil & Bair 2021, PLoS Comput Biol 17:e1009212',
  'Cadena et al. 2019, PLoS Comput Biol 15:e1006897',
];

interface Predicted {
  /** [neuron × stimulus]; NaN where nothing was predicted. */
  predictions: Float64Array;
  control: Float64Array;
  /** Test sets, each scored by itself. */
  sets: Int32Array[];
}

/** Fewest stimuli of a test set that has a correlation. */
const fewestTested = 3;
/** Fewest different stimuli of each protocol: what is fitted needs 10, each test set 3. */
const fewestOf: Record<Protocol, number> = { cv5: 5 * fewestTested, half: 2 * fewestStimuli, heldout: fewestTested };
/** Test sets below this scatter so much that their mean is said to. */
const fewForOne = 10;

/**
 * Predictions [neuron × stimulus] of each set by the procedure fitted on all other stimuli, and on responses shuffled against them; NaN
 * where nothing is predicted. options: parsed.
 */
export type Refit = (
  data: DistinctData,
  options: Record<string, unknown>,
  sets: Int32Array[],
  seed: number,
  context: ToolContext,
) => Promise<Pick<Predicted, 'predictions' | 'control'>>;

/** Validity of an encoding twin or kind, with the same procedure on shuffled training responses as control. */
export async function validateEncoding(
  model: { name: string; cite: string[]; refit: Refit },
  { twin, options, data: reference, protocol, by, seed }: ValidationRequest,
  context: ToolContext,
): Promise<Outcome<Validated>> {
  const data = await loadDistinct(reference, context.workspace);
  const different = new Set(data.looks).size;
  if (different < fewestOf[protocol])
    throw new BregmaError(
      'bad-input',
      `${data.reference} has ${different} different stimuli; ${protocol} needs ${fewestOf[protocol]}.`,
      { next: 'Correlations over fewer say nothing: add responses to more stimuli.' },
    );
  const predicted =
    protocol === 'heldout' && twin
      ? await heldOut(twin, data, seed, context)
      : await fittedAnew(
          model.refit,
          options,
          data,
          protocol === 'half' ? (by ?? 'content') : undefined,
          seed,
          context,
        );
  const judged = protocol === 'heldout' ? twin : undefined;
  const apart = await scoreApart(judged, data, predicted, seed, context);
  const [{ domain, sets, validity, perUnit }, ...others] = apart;
  const { measured, ci } = validity;
  return {
    value: {
      protocol,
      ...(by ? { by } : {}),
      twin: twin?.id,
      kind: model.name,
      data: data.reference,
      domain,
      fittedOnTheseNeurons: true,
      judged: judged
        ? 'this twin: it was fitted on other responses of these neurons'
        : 'its kind, fitted anew on the other stimuli of this recording, so on these neurons',
      median: { pearson: finite(validity.median.pearson), spearman: finite(validity.median.spearman) },
      ci,
      ceiling: validity.ceiling,
      ceilingError: validity.ceilingError,
      shareOfCeiling: validity.shareOfCeiling.median,
      shareOfCeilingIs: `median of r / ceiling over ${validity.shareOfCeiling.neurons} of ${measured} neurons: those whose ceiling is beyond its noise`,
      splitHalf: validity.splitHalf,
      reliability: validity.reliability,
      ...explainedOf(validity),
      control: finite(validity.control),
      controlIs: 'the same procedure with training responses shuffled against stimuli',
      tested: { stimuli: countOf(sets), neurons: measured },
      ...(others.length > 0 && { apart: others.map(asDomain) }),
      notes: notesOf(data, validity, sets),
      perUnit,
    },
    kind: 'derived',
    n: { count: measured, of: 'neurons' },
    completeness: { returned: measured, available: data.neurons, of: 'neurons with a correlation' },
    uncertainty: {
      method:
        ci.low === null
          ? `none: the median of ${measured} neurons has no 95 % interval, six are needed`
          : 'interval of the median over neurons, between order statistics (Thompson 1936): at least as wide as it says',
      level: ci.level,
      low: ci.low,
      high: ci.high,
      of: 'median pearson',
    },
    release: [data.reference],
    licence: [data.release.card.licence],
    cite: [...model.cite, ...(validity.ceiling === null ? [] : ofRepeats), ...data.release.card.cite],
    inputs: [...(twin ? [twin.id] : []), data.reference],
    outputs: apart.map((one) => one.perUnit.object),
    seed,
  };
}

const countOf = (sets: Int32Array[]) => sets.reduce((sum, rows) => sum + rows.length, 0);

/**
 * Stimuli of each domain, judged by themselves, the nearest first: a mean over natural and made images would be a claim about neither. Sets
 * of a domain that are too small for a correlation are left out where others are not.
 */
async function scoreApart(
  twin: TwinCard | undefined,
  data: DistinctData,
  { predictions, control, sets }: Predicted,
  seed: number,
  { workspace }: ToolContext,
) {
  const found = [...(await setsByDomain(twin, data, sets, workspace))];
  const large = found.map(([domain, own]) => [domain, own.filter(({ length }) => length >= fewestTested)] as const);
  const judged = large.filter(([, own]) => own.length > 0);
  return (judged.length > 0 ? judged : found).map(([domain, own]) => {
    const validity = score({ ...data, stimuli: data.digests.length }, predictions, control, [...own], seed);
    const perUnit = workspace.objects.put(JSON.stringify(validity.units), 'application/json');
    return { domain, sets: [...own], validity, perUnit };
  });
}

/** A domain beside the one that the answer is headed with. */
function asDomain({ domain, sets, validity, perUnit }: Awaited<ReturnType<typeof scoreApart>>[number]) {
  const { median, ci, measured, ceiling, control } = validity;
  return {
    ...{ domain, pearson: finite(median.pearson), ...ci, n: measured, of: 'neurons', ceiling },
    ...{ control: finite(control), spearman: finite(median.spearman), stimuli: countOf(sets), perUnit },
  };
}

/** What repeats allow to say of the variance that could be explained; nothing without repeats. */
function explainedOf({ r2er, feve, splitHalf, ceiling }: Validity) {
  if (splitHalf === null && ceiling === null) return {};
  return {
    r2er: { ...r2er, of: 'neurons whose ceiling is beyond its noise' },
    feve: { ...feve, fewestExplainable, of: 'neurons of whose trials so much of the variance is of the stimulus' },
  };
}

/** What a reader must know and the numbers do not say. */
function notesOf(data: DistinctData, { measured, copies }: Validity, sets: Int32Array[]): string[] {
  const left = data.neurons - copies - measured;
  const smallest = Math.min(...sets.map(({ length }) => length));
  return [
    ...(data.copies ? [data.copies] : []),
    ...(copies > 0
      ? [
          `${copies} of ${data.neurons} neurons have the responses of one before them, in whatever unit: they count once`,
        ]
      : []),
    ...(left > 0
      ? [
          `${left} of ${data.neurons} neurons have no correlation and take no part: their responses or predictions do not vary, or they were measured on fewer than ${fewestStimuli} training or ${fewestTested} tested stimuli`,
        ]
      : []),
    ...(smallest < fewForOne
      ? [`a test set has only ${smallest} stimuli: correlations over so few scatter widely`]
      : []),
  ];
}

async function fittedAnew(
  refit: Refit,
  options: Record<string, unknown>,
  data: DistinctData,
  half: Half | undefined,
  seed: number,
  context: ToolContext,
): Promise<Predicted> {
  const stimuli = data.images.count;
  const train = half && trainingHalf(data, half);
  const sets = train ? [without(stimuli, train)] : folds(data.looks, makeRandom(`cross-validation ${seed}`));
  return { ...(await refit(data, options, sets, seed, context)), sets };
}

/** Features, and a readout of them for each set. */
export async function refitReadout(
  model: EncodingModel,
  ...[data, options, sets, seed, context]: Parameters<Refit>
): ReturnType<Refit> {
  const stimuli = data.images.count;
  const total = 12;
  const features = await model.features(options, context.workspace);
  const bands = await featuresOf(data, features, context, (done) =>
    context.progress({ done: (2 * done) / stimuli, total, message: 'features' }),
  );
  const input = { bands, responses: data.responses, neurons: data.neurons, stimuli };
  const progress = (done: number) =>
    context.progress({ done: 2 + (10 * done) / sets.length, total, message: 'readout and control' });
  return besideControl(model.fit ?? fitRidge, input, sets, { seed, signal: context.signal, progress });
}

/** What is fitted when the other half is tested. Throws `bad-input` where copies leave too little on a side. */
function trainingHalf({ digests, looks, units, reference }: DistinctData, half: Half): Int32Array {
  const train = half === 'index' ? firstHalfByIndex(units, looks) : firstHalf(digests, looks);
  const tested = digests.length - train.length;
  if (train.length >= fewestStimuli && tested >= fewestTested) return train;
  throw new BregmaError(
    'bad-input',
    `Of the different stimuli of ${reference}, ${train.length} come first by index and ${tested} after them: half needs ${fewestStimuli} to fit and ${fewestTested} to test.`,
    { next: 'Leave by out: stimuli are then divided by content, and copies fall together.' },
  );
}

/** Predictions of a twin that exists for the stimuli that it was not fitted on, whatever release they came in. */
async function heldOut(twin: TwinCard, data: DistinctData, seed: number, context: ToolContext): Promise<Predicted> {
  const { neurons, digests, identity } = data;
  const stimuli = digests.length;
  const seen = await seenInRecording(seenBy(twin), identity, context.workspace, digests);
  const rows = without(stimuli, seen);
  if (rows.length < fewestTested)
    throw new BregmaError(
      'conflict',
      `${twin.id} was fitted on ${seen.length} of the ${stimuli} different stimuli of ${data.reference}${twin.data === data.reference ? '' : `, which lie in ${twin.data} too`}: too little of it is held out.`,
      { next: 'Build it with part: "first-half", or use protocol cv5.' },
    );
  const same = await neuronsOfTwin(seenBy(twin), data.reference, context.workspace);
  if (!same)
    throw new BregmaError(
      'bad-input',
      `${twin.id} predicts neurons of ${twin.data}; none of ${identity.neurons.length} in ${data.reference} can be shown to be one of them.`,
      {
        next: 'Neurons of different recordings are different neurons: fit a twin for each, with protocol cv5 or half. Neurons that have names are matched by them.',
      },
    );
  const raw = await predictAll(twin, data.images, context);
  const predictions = new Float64Array(neurons * stimuli).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++)
    if (same.at[neuron] >= 0)
      predictions.set(raw.subarray(same.at[neuron] * stimuli, (same.at[neuron] + 1) * stimuli), neuron * stimuli);
  const order = makeRandom(`heldout ${seed}`).permutation(rows.length);
  const control = new Float64Array(predictions.length).fill(Number.NaN);
  const moved = new Float64Array(neurons * rows.length);
  for (let neuron = 0; neuron < neurons; neuron++)
    order.forEach((from, to) => {
      moved[neuron * rows.length + to] = predictions[neuron * stimuli + rows[from]];
    });
  place(moved, rows, control, { neurons, stimuli });
  return { predictions, control, sets: [rows] };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
