import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { withDecimals } from '@bregma/core/numbers';
import { fewestStimuli } from '../ridge.ts';
import { architectureOf } from './architecture.ts';
import { diaryOf } from './diary.ts';
import { joinLessons, type Lessons, otherParts, ownPart, scaleOf } from './lessons.ts';
import { exportCnn } from './networks.ts';
import type { CnnOptions } from './options.ts';
import { type EpochNews, type Learned, trainCnn } from './train.ts';

/** A fitted convolutional twin. */
export interface FittedCnn {
  network: Uint8Array;
  members: Learned[];
  /** Mean squared error on validation images, one a neuron, squared units of the responses. */
  leftOutError: Float64Array;
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
  const { images, neurons } = data;
  if (rows.length < fewestStimuli)
    throw new BregmaError('bad-input', `${rows.length} stimuli are too few to train on: ${fewestStimuli} are needed.`, {
      next: 'Add responses to more images.',
    });
  const { side } = architectureOf(options, Math.min(images.height, images.width), neurons);
  const scale = scaleOf(data, rows);
  const { mean, sd } = scale;
  const lesson = joinLessons(
    await ownPart(data, rows, side, scale),
    await otherParts(data, rows, side, scale, options, context),
  );
  const architecture = architectureOf(options, Math.min(images.height, images.width), lesson.neurons);
  const members: Learned[] = [];
  for (let member = 0; member < options.members; member++) {
    const name = `${seed} member ${member}`;
    const diary = diaryOf({ options, name, ...contentOf(data, rows), others: lesson.content }, context);
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
