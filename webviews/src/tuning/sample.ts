import { sampleCaption } from '../kit/sample-caption.ts';
import type { TuningModel } from './model.ts';

/** Orientation tuning with a point that was not measured. */
export function sample(): TuningModel {
  const curve = (name: string, preferred: number, gain: number, kind: 'measured' | 'predicted') => ({
    name,
    kind,
    baseline: kind === 'measured' ? 4 : undefined,
    points: Array.from({ length: 12 }, (_, i) => {
      const at = i * 15;
      const mean = 4 + gain * Math.exp(2.2 * (Math.cos(((at - preferred) * Math.PI) / 90) - 1));
      const half = 1.2 + mean * 0.07;
      return i === 7 && kind === 'measured'
        ? { at, mean: null, n: 0 }
        : { at, mean, low: mean - half, high: mean + half, n: 20 };
    }),
  });
  return {
    ...sampleCaption('Orientation tuning of V1-017', { n: { count: 20, of: 'presentations a point' } }),
    stimulus: { label: 'Orientation', unit: '°', period: 180 },
    response: { label: 'Response', unit: 'spikes/s' },
    interval: '95 % of the mean over presentations',
    curves: [curve('recorded', 50, 26, 'measured'), curve('twin', 56, 21, 'predicted')],
  };
}
