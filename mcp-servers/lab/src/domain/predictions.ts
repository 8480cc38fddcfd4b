import type { PlanTwin } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy } from '@bregma/core/npy';
import { findTwin } from '@bregma/core/store/catalogue';
import type { Workspace } from '@bregma/core/store/workspace';
import { seenBy } from './exposure.ts';
import { makersOf } from './stimuli.ts';

/** What a twin predicted for the tested stimuli: C order [neuron × stimulus], columns as the stimuli that were asked for. */
export interface Predicted {
  twin: PlanTwin;
  object: string;
  /** The activity of the twin that made the object. */
  activity: string;
  values: Float64Array;
}

/**
 * Opens a twin's predictions for `stimuli`. The object is an NPY [neuron × stimulus] that an activity on record made from this
 * very twin. Its columns are: the stimuli named in that activity (argument `stimuli`), else the whole stimulus set of the
 * recording (`total` columns), else the plan's stimuli in the plan's order (as many columns as `stimuli`). A stimulus that
 * two columns show, or none, is refused.
 */
export function openPredictions(
  given: { twin: string; predictions: string },
  subject: { neurons: number; total: number; stimuli: number[] },
  workspace: Pick<Workspace, 'ledger' | 'objects'>,
): Predicted {
  const { twin: id, predictions: object } = given;
  const twin = seenBy(findTwin(workspace.ledger, id));
  const maker = makersOf(object, workspace).find(({ body }) => body.inputs.includes(id) || body.arguments.twin === id);
  if (!maker)
    throw new BregmaError('not-allowed', `No activity on record made ${object.slice(0, 12)}… from ${id}.`, {
      next: `Call run_twin with ${id} and the planned stimuli, and pass the predictions object that it returns.`,
      fields: { refusal: 'unknown-origin' },
    });
  const { shape, data } = parseNpy(workspace.objects.get(object));
  if (shape.length !== 2 || shape[0] !== subject.neurons)
    throw new BregmaError(
      'bad-input',
      `Predictions of ${id} are ${shape.join(' × ')}; the experiment recorded ${subject.neurons} neurons.`,
      { next: 'Run the twin of this recording, for all its neurons.' },
    );
  const column = columnsOf(shape[1], maker.body.arguments.stimuli, subject, id);
  const values = new Float64Array(subject.neurons * subject.stimuli.length);
  for (let neuron = 0; neuron < subject.neurons; neuron++)
    // SAFETY: columnsOf gives a column for every stimulus.
    for (const [s, stimulus] of subject.stimuli.entries())
      values[neuron * subject.stimuli.length + s] = Number(data[neuron * shape[1] + column.get(stimulus)!]);
  return { twin, object, activity: maker.id, values };
}

function columnsOf(
  columns: number,
  named: unknown,
  subject: { total: number; stimuli: number[] },
  twin: string,
): Map<number, number> {
  const stimuli =
    Array.isArray(named) && named.length === columns
      ? named.map(Number)
      : columns === subject.total
        ? Array.from({ length: columns }, (_, i) => i)
        : columns === subject.stimuli.length
          ? subject.stimuli
          : undefined;
  if (!stimuli)
    throw new BregmaError(
      'bad-input',
      `Predictions of ${twin} have ${columns} columns: neither the ${subject.total} stimuli of the recording nor the ${subject.stimuli.length} of the plan.`,
      { next: 'Run the twin on the planned stimuli, in the order of the plan, or on the whole recording.' },
    );
  const column = new Map(stimuli.map((stimulus, i) => [stimulus, i]));
  const missing = subject.stimuli.find((stimulus) => !column.has(stimulus));
  if (missing !== undefined || column.size !== stimuli.length)
    throw new BregmaError(
      'bad-input',
      missing === undefined
        ? `Predictions of ${twin} name a stimulus twice.`
        : `Predictions of ${twin} lack stimulus ${missing}, which the plan shows.`,
      { next: 'Run the twin on the planned stimuli.' },
    );
  return column;
}
