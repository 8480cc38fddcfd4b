import { BregmaError } from '@bregma/core/errors';
import { packed } from '../kit/pack.ts';
import { distinct, noteOf, quantityOf, type ViewForm } from '../kit/plot-form.ts';
import type { RasterModel } from './model.ts';

const perMs: Record<string, number> = { µs: 0.001, ms: 1, s: 1000 };

export const raster: ViewForm = {
  says: 'spikes or other events over time, a row for each neuron',
  members: {
    time: { is: 'column', needed: true, says: 'when; its unit is the end of its name (_ms, _s) or time_unit' },
    row: { is: 'column', needed: true, says: 'neuron' },
    trial: { is: 'column', says: 'repeat' },
    group: { is: 'column', says: 'cell type or region: rows are ordered and coloured by it' },
    time_unit: { is: 'word', oneOf: ['ms', 's'], says: 'where the name of time does not end in it' },
    duration_ms: { is: 'number', says: 'of a trial; default: until the last event' },
  },
  example: 'view: raster\ndata: spikes\ntime: time_ms\nrow: neuron\ntrial: trial',
  draw(columns, { time, row, trial, group, time_unit, duration_ms }, caption): RasterModel {
    const unit = String(time_unit ?? quantityOf(String(time)).unit ?? '');
    if (!(unit in perMs))
      throw new BregmaError('bad-input', `In which unit is '${time}'?`, {
        next: 'Add time_unit: ms, or time_unit: s.',
      });
    const times = columns.numbers(String(time)).map((value) => value * perMs[unit]);
    const rows = columns.words(String(row));
    const kept = Uint32Array.from(times.keys()).filter((i) => !Number.isNaN(times[i]) && rows[i] !== '');
    const neurons = distinct(Array.from(kept, (i) => rows[i]));
    const place = new Map(neurons.map((name, i) => [name, i]));
    const trials = trial === undefined ? undefined : columns.words(String(trial));
    const trialNames = trials && distinct(Array.from(kept, (i) => trials[i]));
    const trialPlace = new Map(trialNames?.map((name, i) => [name, i]));
    const groups = group === undefined ? undefined : columns.words(String(group));
    const groupOf = new Map(groups && Array.from(kept, (i) => [rows[i], groups[i]] as const));
    const shown = Float64Array.from(kept, (i) => times[i]);
    const [first, last] = shown.reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [0, 0]);
    return {
      ...caption,
      n: { count: kept.length, of: 'events' },
      startMs: first,
      durationMs: duration_ms === undefined ? last - first || 1 : Number(duration_ms),
      neurons: { lines: neurons.map((name) => name.replace(/[\r\n]+/g, ' ')).join('\n') },
      ...(groups && { groups: neurons.map((name) => groupOf.get(name) || 'not given') }),
      timesMs: packed(shown, [kept.length]),
      neuron: packed(
        Int32Array.from(kept, (i) => place.get(rows[i])!),
        [kept.length],
      ),
      ...(trials && {
        trial: packed(
          Int32Array.from(kept, (i) => trialPlace.get(trials[i])!),
          [kept.length],
        ),
        trials: trialNames!.length,
      }),
      note: noteOf(
        'Rows without an event are not in the result, and not drawn.',
        kept.length < columns.length && `${columns.length - kept.length} rows without a time or a row are left out.`,
        columns.note,
      ),
    };
  },
};
