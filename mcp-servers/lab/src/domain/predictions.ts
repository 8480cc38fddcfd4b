import type { Activity } from '@bregma/core/contracts/activity';
import type { PlanTwin } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { neuronsOfTwin, seenBy } from '@bregma/core/experiment/exposure';
import { otherNeurons } from '@bregma/core/experiment/refusals';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { parseNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { argumentsOf } from '@bregma/core/provenance/replay';
import { longName } from '@bregma/core/server-names';
import { mean } from '@bregma/core/statistics/correlation';
import type { Workspace } from '@bregma/core/workspace';
import * as z from 'zod';

/** What a twin predicted for the tested units: C order [neuron × unit], the mean over the stimuli of each. */
export interface Predicted {
  twin: PlanTwin;
  object: string;
  /** The activity of the twin that made the object. */
  activity: string;
  values: Float64Array;
}

/**
 * Opens a twin's predictions for `units` of stimuli. The object is an NPY [neuron × stimulus] that the twin server made from this very
 * twin (run_twin, or design_experiment, which says whose each object is) for the stimuli of this very subject, whose neurons
 * are the twin's. Its columns are the stimuli named in that activity's argument `stimuli`, or without it the whole stimulus set
 * of the recording (`total` columns). A planned stimulus that no column shows, or that two do, is refused.
 */
export async function openPredictions(
  given: { twin: string; predictions: string },
  subject: { id: string; neurons: number; total: number; units: number[][] },
  workspace: Pick<Workspace, 'ledger' | 'objects'>,
): Promise<Predicted> {
  const { twin: id, predictions: object } = given;
  const twin = seenBy(findTwin(workspace.ledger, id));
  const neurons = await neuronsOfTwin(twin, subject.id, workspace);
  if (!neurons)
    throw new BregmaError('not-allowed', otherNeurons(twin, subject.id), {
      next: 'Test twins of the recording that was replayed, or name the neurons of both.',
      fields: { refusal: 'other-neurons' },
    });
  const maker = workspace.ledger
    .makersOf(object)
    .findLast(
      ({ body }) =>
        body.status === 'ok' && body.releases.includes(subject.id) && predictsFor(body, id, object, workspace.objects),
    );
  if (!maker)
    throw new BregmaError(
      'not-allowed',
      `No activity on record made ${object.slice(0, 12)}… from ${id} for ${subject.id}.`,
      {
        next: `Call run_twin with ${id} and the planned stimuli, and pass the predictions object that it returns.`,
        fields: { refusal: 'unknown-origin' },
      },
    );
  const { shape, data } = parseNpy(workspace.objects.get(object));
  if (shape.length !== 2 || shape[0] !== neurons.of || neurons.at.length !== subject.neurons)
    throw new BregmaError(
      'bad-input',
      `Predictions of ${id} are ${shape.join(' × ')}; it has ${neurons.of} neurons, the experiment recorded ${subject.neurons}.`,
      { next: 'Run the twin of this recording, for all its neurons.' },
    );
  const { units, total } = subject;
  const asked = argumentsOf(maker.body, workspace.objects).stimuli;
  const column = columnsOf(shape[1], asked, { total, stimuli: units.flat() }, id);
  const values = new Float64Array(subject.neurons * units.length).fill(Number.NaN);
  for (let neuron = 0; neuron < subject.neurons; neuron++) {
    const row = neurons.at[neuron];
    if (row < 0) continue;
    // SAFETY: columnsOf gives a column for every stimulus.
    for (const [unit, own] of units.entries())
      values[neuron * units.length + unit] = mean(own.map((one) => Number(data[row * shape[1] + column.get(one)!])));
  }
  return { twin, object, activity: maker.id, values };
}

/** Whether this activity made the object as the prediction of this twin, and not, say, of its rival. */
function predictsFor(activity: Activity, twin: string, object: string, objects: ObjectStore): boolean {
  if (activity.server !== longName('twin')) return false;
  if (activity.tool === 'run_twin') return activity.arguments.twin === twin;
  const answer = activity.answerObject
    ? JSON.parse(objects.get(activity.answerObject).toString('utf8'))
    : activity.answer;
  const named = Named.safeParse(answer);
  return named.success && named.data.value.predictions.some((item) => item.twin === twin && item.object === object);
}

const Named = z.object({
  value: z.object({ predictions: z.array(z.object({ twin: z.string(), object: z.string() })) }),
});

function columnsOf(
  columns: number,
  named: unknown,
  subject: { total: number; stimuli: number[] },
  twin: string,
): Map<number, number> {
  const stimuli = Array.isArray(named) ? named.map(Number) : Array.from({ length: subject.total }, (_, i) => i);
  if (stimuli.length !== columns)
    throw new BregmaError(
      'bad-input',
      `Predictions of ${twin} have ${columns} columns for ${stimuli.length} stimuli of the recording.`,
      { next: 'Run the twin on the planned stimuli, or on the whole recording.' },
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
