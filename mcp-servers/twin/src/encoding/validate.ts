import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { makeRandom } from '@bregma/core/statistics/random';
import { type EncodingData, loadEncoding } from '../data.ts';
import type { ValidationRequest } from '../kinds/kind.ts';
import { computeFeatures } from './features.ts';
import type { EncodingModel } from './model.ts';
import { predictAll } from './predict.ts';
import { type Band, fitRidge, predictRidge } from './ridge.ts';
import { crossValidate, firstHalf, place, score, shuffled, without } from './score.ts';

interface Predicted {
  /** [neuron × stimulus]; NaN where nothing was predicted. */
  predictions: Float64Array;
  control: Float64Array;
  /** Test sets, each scored by itself. */
  sets: Int32Array[];
}

/** Validity of an encoding twin or kind, with the same procedure on shuffled stimuli as control. */
export async function validateEncoding(
  model: EncodingModel,
  { twin, options, data: reference, protocol, seed }: ValidationRequest,
  context: ToolContext,
) {
  const data = loadEncoding(reference, context.workspace);
  const predicted =
    protocol === 'heldout' && twin
      ? await heldOut(twin, data, seed, context)
      : await refit(model, options, data, protocol === 'half', seed, context);
  const scored = { ...data, stimuli: data.images.count };
  const validity = score(scored, predicted.predictions, predicted.control, predicted.sets, seed);
  const perUnit = context.workspace.objects.put(JSON.stringify(validity.units), 'application/json');
  const share = validity.ceiling ? validity.median.pearson / validity.ceiling : null;
  return {
    value: {
      protocol,
      twin: twin?.id,
      kind: model.name,
      data: data.reference,
      domain: domainOf(twin, data),
      median: { pearson: finite(validity.median.pearson), spearman: finite(validity.median.spearman) },
      ci: validity.ci,
      ceiling: validity.ceiling,
      shareOfCeiling: share,
      splitHalf: validity.splitHalf,
      control: finite(validity.control),
      controlIs: 'the same procedure with stimuli shuffled against responses',
      tested: { stimuli: predicted.sets.reduce((sum, rows) => sum + rows.length, 0), neurons: data.neurons },
      perUnit,
    },
    kind: 'derived' as const,
    n: { count: data.neurons, of: 'neurons' },
    uncertainty: {
      method: `bootstrap of the median over neurons, ${validity.ci.resamples} resamples`,
      level: validity.ci.level,
      low: validity.ci.low,
      high: validity.ci.high,
      of: 'median pearson',
    },
    release: [data.reference],
    licence: [data.release.card.licence],
    cite: [...model.cite, ...data.release.card.cite],
    inputs: [...(twin ? [twin.id] : []), data.reference],
    outputs: [perUnit.object],
    seed,
  };
}

/** In-domain: the kind of stimuli and the subject that the twin was fitted on. Anything else is out of distribution. */
function domainOf(twin: TwinCard | undefined, data: EncodingData): string {
  return twin && twin.data !== data.reference ? 'out-of-distribution' : 'in-domain';
}

async function refit(
  model: EncodingModel,
  options: Record<string, unknown>,
  data: EncodingData,
  half: boolean,
  seed: number,
  context: ToolContext,
): Promise<Predicted> {
  const stimuli = data.images.count;
  const total = 12;
  const bands = await computeFeatures(data.images, model.features(options), context.signal, (done) =>
    context.progress({ done: (2 * done) / stimuli, total, message: 'features' }),
  );
  const input = { bands, responses: data.responses, neurons: data.neurons, stimuli };
  if (!half) {
    const run = (shuffle: boolean, from: number) =>
      crossValidate(input, {
        seed,
        signal: context.signal,
        shuffle,
        progress: (done) =>
          context.progress({ done: from + done, total, message: shuffle ? 'control' : 'cross-validation' }),
      });
    const [real, control] = [await run(false, 2), await run(true, 7)];
    return { predictions: real.predictions, control: control.predictions, sets: real.sets };
  }
  const train = firstHalf(stimuli, data.reference);
  const rows = without(stimuli, train);
  const predict = async (with_: Band[]) => {
    const whole = new Float64Array(data.neurons * stimuli).fill(Number.NaN);
    place(
      await predictRidge(await fitRidge({ ...input, bands: with_ }, train, { signal: context.signal }), with_, rows),
      rows,
      whole,
      input,
    );
    return whole;
  };
  const control = shuffled(bands, stimuli, makeRandom(`half ${seed}`));
  return { predictions: await predict(bands), control: await predict(control), sets: [rows] };
}

async function heldOut(twin: TwinCard, data: EncodingData, seed: number, context: ToolContext): Promise<Predicted> {
  const stimuli = data.images.count;
  const own = twin.data === data.reference;
  const rows = own
    ? without(stimuli, twin.fittedOn.indices ?? Array.from({ length: stimuli }, (_, i) => i))
    : without(stimuli, []);
  if (rows.length === 0) {
    throw new BregmaError('conflict', `${twin.id} was fitted on all of ${data.reference}: nothing of it is held out.`, {
      next: 'Build it with part: "first-half", or use protocol cv5.',
    });
  }
  const predictions = Float64Array.from(await predictAll(twin, data.images, context));
  if (predictions.length !== data.neurons * stimuli) {
    throw new BregmaError(
      'bad-input',
      `${twin.id} predicts ${predictions.length / stimuli} neurons of ${twin.data}; ${data.reference} has ${data.neurons} others.`,
      {
        next: 'Neurons of different recordings are different neurons: fit a twin for each, with protocol cv5 or half.',
      },
    );
  }
  const order = makeRandom(`heldout ${seed}`).permutation(rows.length);
  const control = new Float64Array(predictions.length).fill(Number.NaN);
  const moved = new Float64Array(data.neurons * rows.length);
  for (let neuron = 0; neuron < data.neurons; neuron++)
    order.forEach((from, to) => {
      moved[neuron * rows.length + to] = predictions[neuron * stimuli + rows[from]];
    });
  place(moved, rows, control, { neurons: data.neurons, stimuli });
  return { predictions, control, sets: [rows] };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
