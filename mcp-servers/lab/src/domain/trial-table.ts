import type { ObjectRef } from '@bregma/core/contracts/answer';
import { ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import * as z from 'zod';
import type { Trial } from '../drivers/driver.ts';

const Rows = z.array(
  z.object({ trial: z.number().int(), stimulus: z.number().int(), repeat: z.number().int(), kind: ValueKind }),
);

/** What an experiment delivered: one row a trial, responses C order [trial × neuron], NaN "not measured". */
export interface TrialTable {
  rows: z.infer<typeof Rows>;
  neurons: number;
  responses: Float64Array;
}

/** Stores trials as a table (JSON, every row with its kind) and responses (NPY float64 [trial × neuron]). */
export function storeTrials(
  trials: Trial[],
  neurons: number,
  objects: ObjectStore,
): { table: ObjectRef; responses: ObjectRef } {
  const responses = new Float64Array(trials.length * neurons);
  for (const [i, trial] of trials.entries()) responses.set(trial.responses, i * neurons);
  const rows = trials.map(({ trial, stimulus, repeat, kind }) => ({ trial, stimulus, repeat, kind }));
  return {
    table: objects.put(JSON.stringify(rows), 'application/json'),
    responses: objects.put(writeNpy({ shape: [trials.length, neurons], data: responses }), 'application/x-npy'),
  };
}

/** How the rows came to be, without the responses. */
export function loadKinds({ table }: { table: ObjectRef }, objects: ObjectStore): ValueKind[] {
  return Rows.parse(JSON.parse(objects.get(table.object).toString('utf8'))).map(({ kind }) => kind);
}

/** Reads what `storeTrials` stored. Throws `corrupt` when table and responses do not fit each other. */
export function loadTrials(stored: { table: ObjectRef; responses: ObjectRef }, objects: ObjectStore): TrialTable {
  const rows = Rows.parse(JSON.parse(objects.get(stored.table.object).toString('utf8')));
  const { shape, data } = parseNpy(objects.get(stored.responses.object));
  if (shape.length !== 2 || shape[0] !== rows.length)
    throw new BregmaError(
      'corrupt',
      `The experiment has ${rows.length} rows and responses of shape ${shape.join(' × ')}.`,
    );
  return { rows, neurons: shape[1], responses: Float64Array.from(data as ArrayLike<number>) };
}

/** Row numbers as [stimulus × repeat], −1 where a stimulus had fewer presentations than the most. */
export function repeatsByStimulus(trials: TrialTable, stimuli: number[]): { order: number[]; repeats: number } {
  const rows = new Map<number, number[]>(stimuli.map((stimulus) => [stimulus, []]));
  for (const [row, { stimulus }] of trials.rows.entries()) rows.get(stimulus)?.push(row);
  const repeats = Math.max(0, ...[...rows.values()].map((found) => found.length));
  const order = stimuli.flatMap((stimulus) => Array.from({ length: repeats }, (_, i) => rows.get(stimulus)?.[i] ?? -1));
  return { order, repeats };
}
