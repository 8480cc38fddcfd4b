import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { withDecimals } from '@bregma/core/numbers';
import type { DistinctData } from '../distinct.ts';
import { fewestStimuli } from '../ridge.ts';
import { architectureOf } from './architecture.ts';
import { diaryOf } from './diary.ts';
import { exportCnn } from './networks.ts';
import type { CnnOptions } from './options.ts';
import { resample } from './prepare.ts';
import { type EpochNews, type Learned, trainCnn } from './train.ts';

/** What a convolutional twin is fitted on: images and responses, one column a stimulus. */
export type Lessons = Pick<DistinctData, 'images' | 'digests' | 'looks' | 'responses' | 'neurons'>;

/** A fitted convolutional twin. */
export interface FittedCnn {
  network: Uint8Array;
  members: Learned[];
  /** Mean squared error on validation images, one a neuron, squared units of the responses. */
  leftOutError: Float64Array;
}

/** Mean and standard deviation of each neuron over training rows; NaN below ten of them. */
function scaleOf({ responses, neurons, digests }: Lessons, rows: Int32Array) {
  const mean = new Float64Array(neurons).fill(Number.NaN);
  const sd = new Float64Array(neurons).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const own = Array.from(rows, (row) => responses[neuron * digests.length + row]).filter(Number.isFinite);
    if (own.length < fewestStimuli) continue;
    mean[neuron] = own.reduce((sum, value) => sum + value, 0) / own.length;
    sd[neuron] = Math.sqrt(own.reduce((sum, value) => sum + (value - mean[neuron]) ** 2, 0) / own.length);
  }
  return { mean, sd };
}

/** Trains the members of a convolutional twin on `rows`, which alone decide everything. */
export async function fitCnn(
  data: Lessons,
  rows: Int32Array,
  options: CnnOptions,
  seed: string,
  context: Pick<ToolContext, 'workspace' | 'signal'>,
  tell: (member: number, news: EpochNews) => void,
): Promise<FittedCnn> {
  const { images, neurons, digests, responses } = data;
  if (rows.length < fewestStimuli)
    throw new BregmaError('bad-input', `${rows.length} stimuli are too few to train on: ${fewestStimuli} are needed.`, {
      next: 'Add responses to more images.',
    });
  const architecture = architectureOf(options, Math.min(images.height, images.width), neurons);
  const { mean, sd } = scaleOf(data, rows);
  const stimuli = digests.length;
  const wanted = new Float64Array(neurons * stimuli).fill(Number.NaN);
  for (let neuron = 0; neuron < neurons; neuron++)
    for (const row of rows)
      if (sd[neuron] > 0)
        wanted[neuron * stimuli + row] = (responses[neuron * stimuli + row] - mean[neuron]) / sd[neuron];
  const lesson = {
    planes: await resample(images, architecture.side),
    targets: wanted,
    stimuli,
    rows,
    looks: data.looks,
  };
  const members: Learned[] = [];
  for (let member = 0; member < options.members; member++) {
    const name = `${seed} member ${member}`;
    const diary = diaryOf({ options, name, ...contentOf(data, rows) }, context);
    const found = await trainCnn(architecture, lesson, options, name, {
      ...{ signal: context.signal, diary },
      tell: (news) => tell(member, news),
    });
    diary.close();
    members.push(found);
  }
  const missed = Float64Array.from(
    { length: neurons },
    (_, neuron) => members.reduce((sum, one) => sum + one.missed[neuron], 0) / members.length,
  );
  return {
    network: await exportCnn(members, mean, sd),
    members,
    leftOutError: missed.map((one, neuron) => one * sd[neuron] ** 2),
  };
}

/** What a training depends on beside its options: images and responses of its rows. */
const contentOf = ({ digests, looks, responses, neurons }: Lessons, rows: Int32Array) => ({
  rows: Array.from(rows, (row) => digests[row]),
  looks: Array.from(rows, (row) => looks[row]),
  responses: Array.from({ length: neurons }, (_, neuron) =>
    Array.from(rows, (row) => responses[neuron * digests.length + row]),
  ),
});

/** Says after each epoch how far it is, how well it does, and about how long it will take. total: epochs of all trainings. */
export function reporter({ progress }: Pick<ToolContext, 'progress'>, trainings: number, epochs: number) {
  const start = performance.now();
  const total = trainings * epochs;
  return (training: number, { epoch, of, loss, validationR }: EpochNews): void => {
    const done = training * epochs + epoch;
    const left = ((performance.now() - start) / done) * (total - done);
    const numbers = `loss ${withDecimals(loss, 3)}, validation r ${Number.isFinite(validationR) ? withDecimals(validationR, 3) : 'not known'}`;
    const message = `training ${training + 1} of ${trainings}, epoch ${epoch} of ${of}: ${numbers}, at most ${Math.ceil(left / 1000)} s left`;
    progress({ done, total, message });
  };
}
