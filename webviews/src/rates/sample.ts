import { makeRandom } from '@bregma/core/statistics/random';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { RatesModel } from './model.ts';

/** A recorded line with a gap, and the line of its twin. */
export function sample(): RatesModel {
  const random = makeRandom('rates');
  const timeMs = Array.from({ length: 600 }, (_, i) => i * 2 - 200);
  const line = (gain: number, delayMs: number) =>
    timeMs.map((t) => {
      const since = t - delayMs;
      return 8 + (since > 0 && since < 500 ? gain * (Math.exp(-since / 180) + 0.35) : 0) + random.normal() * 0.6;
    });
  const measured: (number | null)[] = line(42, 60);
  for (let i = 420; i < 460; i++) measured[i] = null;
  const predicted = line(36, 66);
  const around = (values: (number | null)[], by: number) => values.map((value) => (value === null ? null : value + by));
  return {
    ...sampleCaption('Population rate around a grating', {
      uncertainty: { method: 'bootstrap over trials, 2000 resamples', level: 0.95 },
    }),
    timeMs,
    value: { label: 'Firing rate', unit: 'Hz' },
    interval: '95 % bootstrap over trials',
    epochs: [{ label: 'grating 90°', startMs: 0, endMs: 500 }],
    series: [
      {
        name: 'recorded',
        kind: 'measured',
        values: measured,
        low: around(measured, -4),
        high: around(measured, 4),
        n: { count: 40, of: 'trials' },
      },
      {
        name: 'twin',
        kind: 'predicted',
        values: predicted,
        low: around(predicted, -2.5),
        high: around(predicted, 2.5),
      },
    ],
  };
}
