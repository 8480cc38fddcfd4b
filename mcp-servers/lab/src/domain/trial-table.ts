import type { ObjectRef } from '@bregma/core/contracts/answer';
import { ValueKind } from '@bregma/core/contracts/value-kind';
import { BregmaError } from '@bregma/core/errors';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
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

/** The rows, without the responses. */
export function loadRows({ table }: { table: ObjectRef }, objects: ObjectStore): TrialTable['rows'] {
  return Rows.parse(JSON.parse(objects.get(table.object).toString('utf8')));
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
  return { rows, neurons: shape[1], responses: doublesOf(data) };
}

/** Row numbers as [unit × repeat], −1 where a unit had fewer presentations than the most. units: stimuli of each. */
export function repeatsByUnit(trials: TrialTable, units: number[][]): { order: number[]; repeats: number } {
  const unitOf = new Map(units.flatMap((stimuli, unit) => stimuli.map((stimulus) => [stimulus, unit] as const)));
  const rows: number[][] = units.map(() => []);
  for (const [row, { stimulus }] of trials.rows.entries()) {
    const unit = unitOf.get(stimulus);
    if (unit !== undefined) rows[unit].push(row);
  }
  const repeats = Math.max(0, ...rows.map(({ length }) => length));
  const order = rows.flatMap((own) => Array.from({ length: repeats }, (_, i) => own[i] ?? -1));
  return { order, repeats };
}
