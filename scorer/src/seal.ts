import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Made } from '@bregma/benchmarks/benchmark';
import { secretRandom } from '@bregma/benchmarks/drawn/secret-random';
import type { Mechanism, QueryBudget } from '@bregma/core/contracts/benchmark';
import { BregmaError } from '@bregma/core/errors';
import { groupCopies } from '@bregma/core/identity/copies';
import { stimulusDigests } from '@bregma/core/identity/digests';
import { doublesOf, type NpyArray, parseNpy, writeNpy } from '@bregma/core/npy';
import { meanOverRepeats } from '@bregma/readers/measured';
import type { ScorerBook } from './book.ts';
import { sealedSetOf } from './take-in.ts';

/** What a person says of their own data. */
export interface SealRequest {
  name: string;
  title: string;
  /** Share of the different stimuli that stays open. */
  open: number;
  budget: QueryBudget;
  mechanism: Mechanism;
  licence: string;
}

const form = 'It needs stimuli.npy [stimulus × …] and responses.npy [neuron × stimulus (× repeat)].';

/**
 * Makes a benchmark of a folder with `stimuli.npy` and `responses.npy`. Which stimuli stay open is drawn with the scorer's secret; copies of
 * one go together. Given away are all stimuli, and the responses to the open ones. Throws `bad-input` for a folder of another form.
 */
export function sealFolder(book: ScorerBook, folder: string, request: SealRequest): void {
  const { stimuli, responses } = readFolder(folder);
  const [neurons, count, repeats = 1] = responses.shape;
  const trials = Float64Array.from(doublesOf(responses.data));
  const outcomes = repeats === 1 ? trials : meanOverRepeats(trials, repeats);
  if (trials.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY))
    throw new BregmaError('bad-input', 'Responses hold infinities.', { next: 'Write NaN for what was not measured.' });
  const secret = book.secretOf(request.name);
  const { members } = groupCopies(stimulusDigests(stimuli));
  const order = secretRandom(secret, 'open part').shuffle(members.map((columns) => [...columns]));
  const open = order
    .slice(0, Math.round(request.open * order.length))
    .flat()
    .sort((a, b) => a - b);
  const isOpen = new Set(open);
  const given = trials.map((value, at) => (isOpen.has(Math.floor(at / repeats) % count) ? value : Number.NaN));
  const made: Made = {
    units: { of: 'neurons', count: neurons },
    items: { of: 'stimuli', count },
    outcomes,
    open,
    trials: repeats > 1 ? { values: trials, repeats } : undefined,
    arrays: [
      { name: 'stimuli', npy: writeNpy(stimuli) },
      { name: 'responses', npy: writeNpy({ data: given, shape: responses.shape }) },
    ],
    images: isStackOfImages(stimuli) ? writeNpy(stimuli) : undefined,
  };
  const { set, arrays } = sealedSetOf(
    {
      ...request,
      task: 'Predict the mean response of each neuron to each stimulus.',
      metric: 'median-pearson',
      step: 0.01,
      cap: 'ceiling',
      canaries: 0.1,
      exposure: 'sealed-new',
      cite: [],
    },
    made,
    secret,
  );
  book.take(set, arrays);
}

const isStackOfImages = ({ dtype, shape }: NpyArray) => dtype === 'u1' && shape.length === 4 && shape[3] === 3;

function readFolder(folder: string): { stimuli: NpyArray; responses: NpyArray } {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new BregmaError('missing', `${folder} cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
  const [stimuli, responses] = ['stimuli.npy', 'responses.npy'].map((name) => {
    if (!names.includes(name))
      throw new BregmaError(
        'bad-input',
        `${folder} has no ${name}${names.length > 0 ? `; it has ${names.slice(0, 8).join(', ')}` : ''}.`,
        { next: form },
      );
    return parseNpy(readFileSync(path.join(folder, name)), name);
  });
  const [, count] = responses.shape;
  if (
    responses.shape.length < 2 ||
    responses.shape.length > 3 ||
    stimuli.shape[0] !== count ||
    stimuli.shape.length < 2
  )
    throw new BregmaError('bad-input', `stimuli [${stimuli.shape}] and responses [${responses.shape}] do not fit.`, {
      next: form,
    });
  return { stimuli, responses };
}
