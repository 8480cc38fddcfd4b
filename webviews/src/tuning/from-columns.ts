import { mean } from '@bregma/core/statistics/correlation';
import { studentQuantile } from '@bregma/core/statistics/student';
import { distinct, noteOf, quantityOf, type ViewForm } from '../kit/plot-form.ts';
import type { TuningModel } from './model.ts';

/** Curves that can still be told apart. */
const mostCurves = 12;

export const tuning: ViewForm = {
  says: 'mean response to each value of a stimulus, with its interval over repeats',
  members: {
    x: { is: 'column', needed: true, says: 'parameter of the stimulus' },
    y: { is: 'column', needed: true, says: 'response, one row a repeat' },
    unit: { is: 'column', says: 'a curve for each of its values: neuron, condition' },
    period: { is: 'number', says: 'of a circular parameter: orientation 180, direction 360' },
    scale: { is: 'word', oneOf: ['linear', 'log'], says: 'of the parameter' },
  },
  example: 'view: tuning\ndata: responses\nx: orientation_deg\ny: rate_hz\nunit: neuron_id\nperiod: 180',
  draw(columns, { x, y, unit, period, scale }, caption): TuningModel {
    const [at, response] = [columns.numbers(String(x)), columns.numbers(String(y))];
    const words = unit === undefined ? undefined : columns.words(String(unit));
    const of = words ?? at;
    const names = words === undefined ? ['all rows'] : distinct(words).filter((name) => name !== '');
    const shown = names.slice(0, mostCurves);
    const found = new Map(shown.map((name) => [name, new Map<number, number[]>()]));
    let placeless = 0;
    for (let row = 0; row < columns.length; row++) {
      const curve = found.get(unit === undefined ? names[0] : String(of[row]));
      if (Number.isNaN(at[row])) placeless++;
      if (!curve || Number.isNaN(at[row])) continue;
      const repeats = curve.get(at[row]) ?? [];
      if (!Number.isNaN(response[row])) repeats.push(response[row]);
      curve.set(at[row], repeats);
    }
    const curves = shown.map((name) => ({
      name,
      points: [...found.get(name)!]
        .sort(([a], [b]) => a - b)
        .map(([place, repeats]) => ({ at: place, ...summary(repeats) })),
    }));
    const counts = curves.flatMap(({ points }) => points.map(({ n }) => n)).filter((n) => n > 0);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const repeats = least === most ? `${most} repeats` : `${least} to ${most} repeats`;
    const method = `95 % interval of the mean, Student t over ${repeats}`;
    return {
      ...caption,
      // A mean over repeats is computed from what was measured.
      kind: caption.kind === 'measured' && most > 1 ? 'derived' : caption.kind,
      n: { count: counts.reduce((sum, n) => sum + n, 0), of: 'responses' },
      uncertainty: most > 1 ? { method: `Student t over ${repeats}`, level: 0.95, of: 'each mean' } : undefined,
      stimulus: {
        ...quantityOf(String(x)),
        ...(period !== undefined && { period: Number(period) }),
        // SAFETY: the form takes these two words alone.
        ...(scale && { scale: scale as 'linear' | 'log' }),
      },
      response: quantityOf(String(y)),
      curves,
      ...(most > 1 && { interval: method }),
      note: noteOf(
        names.length > shown.length &&
          `The first ${shown.length} of ${names.length} values of ${unit}; choose others in the query.`,
        most === 1 && 'One response a point: there is no interval.',
        placeless > 0 && `${placeless} rows without ${x} are left out.`,
        columns.note,
      ),
    };
  },
};

/** Mean of the repeats and its interval; one repeat has none. */
function summary(repeats: number[]): { mean: number | null; low: number | null; high: number | null; n: number } {
  const n = repeats.length;
  if (n === 0) return { mean: null, low: null, high: null, n };
  const middle = mean(repeats);
  if (n === 1) return { mean: middle, low: null, high: null, n };
  const variance = repeats.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (n - 1);
  const half = studentQuantile(0.975, n - 1) * Math.sqrt(variance / n);
  return { mean: middle, low: middle - half, high: middle + half, n };
}
