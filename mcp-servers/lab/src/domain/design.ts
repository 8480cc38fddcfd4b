import { digestOf } from '@bregma/core/canonical';
import { BregmaError } from '@bregma/core/errors';
import type { SubjectDescription } from '../drivers/driver.ts';

/**
 * Presentations of each stimulus: `asked` of all, or (undefined) as many as the subject has of each; once where it has no
 * bound. Throws `bad-input` for a stimulus that the subject does not hold.
 */
export function repeatsOf(stimuli: number[], asked: number | undefined, subject: SubjectDescription): number[] {
  const outside = stimuli.filter((stimulus) => stimulus >= subject.stimuli);
  if (outside.length > 0)
    throw new BregmaError(
      'bad-input',
      `${subject.subject.id} holds stimuli 0 to ${subject.stimuli - 1}, not ${outside.slice(0, 5).join(', ')}.`,
    );
  return stimuli.map((stimulus) => asked ?? subject.repeats?.[stimulus] ?? 1);
}

/**
 * Seed of the order of presentation, [0, 2³²): from the frozen hypothesis and the design, so that the same design has the same
 * order and nobody tries orders until one is convenient.
 */
export function orderSeed(design: {
  frozen: string;
  subject: string;
  stimuli: number[];
  repeats: number[];
  seed: number;
}): number {
  return Number.parseInt(digestOf(design).slice(0, 8), 16);
}
