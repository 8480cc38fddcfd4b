import type { TwinCard } from '@bregma/core/contracts/twin';
import { firstHalf } from '@bregma/core/identity/first-half';
import { datasetRef, findDataset } from '@bregma/core/ledger/catalogue';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { makeRandom } from '@bregma/core/statistics/random';
import { builtFrom } from '../../card.ts';
import type { BuildRequest, TwinKind } from '../../kinds/kind.ts';
import { type DistinctData, loadDistinct } from '../distinct.ts';
import { imageTwin } from '../encoding-twin.ts';
import { pickImages, runEncodingNetwork } from '../features.ts';
import { keepEncoding } from '../fit.ts';
import { place, without } from '../score.ts';
import type { Refit } from '../validate.ts';
import { fitCnn, reporter } from './fit.ts';
import { CnnOptions } from './options.ts';

/** A kind that trains a convolutional network on the images and responses of a recording. */
export function cnnTwin({ name, title, cite }: { name: string; title: string; cite: string[] }): TwinKind {
  return imageTwin({ name, title, cite }, CnnOptions, {
    build: (request, context) => buildCnn({ name, title, cite }, request, context),
    refit: refitCnn,
  });
}

async function buildCnn(
  kind: Pick<TwinCard, 'title' | 'cite'> & { name: string },
  { data: reference, part, options: given, seed }: BuildRequest,
  context: ToolContext,
) {
  const options = CnnOptions.parse(given);
  const data = await loadDistinct(reference, context.workspace);
  const rows = part === 'all' ? Int32Array.from(data.digests.keys()) : firstHalf(data.digests, data.looks);
  const fitted = await fitCnn(
    data,
    rows,
    options,
    `cnn ${seed}`,
    context,
    reporter(context, options.members, options.epochs),
  );
  const [{ architecture }] = fitted.members;
  const others = options.others.map((other) => findDataset(context.workspace.ledger, other));
  const also = [...new Set(others.map(datasetRef))];
  const card = keepEncoding(
    kind,
    data,
    given,
    { part, rows, seed, ...(also.length > 0 && { also }) },
    { network: fitted.network, leftOutError: fitted.leftOutError },
    {
      input: { side: architecture.side, colours: 3, range: [0, 255] },
      weights: [...fitted.members[0].weights.values()].reduce((sum, one) => sum + one.data.length, 0),
      members: fitted.members.map(({ epochs, validation }) => ({
        epochs,
        validationLoss: validation.loss,
        validationR: Number.isFinite(validation.r) ? validation.r : null,
        validationStimuli: validation.rows.length,
      })),
    },
    context.workspace,
  );
  return builtFrom(card, data, {
    references: also,
    licences: others.map((other) => other.card.licence),
    cite: others.flatMap((other) => other.card.cite),
  });
}

/** Predictions of each set by networks trained on all others, and by the same procedure on responses shuffled against their images. */
const refitCnn: Refit = async (data, given, sets, seed, context) => {
  const options = CnnOptions.parse(given);
  const { neurons } = data;
  const stimuli = data.digests.length;
  const predictions = new Float64Array(neurons * stimuli).fill(Number.NaN);
  const control = predictions.slice();
  const random = makeRandom(`control ${seed}`);
  const say = reporter(context, 2 * sets.length * options.members, options.epochs);
  for (const [k, held] of sets.entries()) {
    const train = without(stimuli, held);
    const shuffled = shuffle(data, train, (neuron) => random.fork(`${k} ${neuron}`).permutation(train.length));
    for (const [which, responses] of [data.responses, shuffled].entries()) {
      const { network } = await fitCnn(
        { ...data, responses },
        train,
        // A teacher knows what belongs together: the control has none.
        which === 0 ? options : { ...options, teacher: '' },
        `cnn ${seed} ${k} ${which}`,
        context,
        (member, news) => say((2 * k + which) * options.members + member, news),
      );
      const part = await runEncodingNetwork(network, pickImages(data.images, held), context.signal, () => {});
      place(part, held, which === 0 ? predictions : control, { neurons, stimuli });
    }
  }
  return { predictions, control };
};

/** Responses to training stimuli in another order, one a neuron; nothing else is there. */
function shuffle(
  { responses, neurons, digests }: DistinctData,
  rows: Int32Array,
  orderOf: (neuron: number) => Int32Array,
): Float64Array {
  const out = new Float64Array(responses.length).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const order = orderOf(neuron);
    rows.forEach((row, i) => {
      out[neuron * digests.length + row] = responses[neuron * digests.length + rows[order[i]]];
    });
  }
  return out;
}
