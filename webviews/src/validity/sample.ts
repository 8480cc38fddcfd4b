import { makeRandom } from '@bregma/core/statistics/random';
import { sampleCaption } from '../kit/sample-caption.ts';
import type { ValidityModel } from './model.ts';

/** Fifty units, one without a score. */
export function sample(): ValidityModel {
  const random = makeRandom('validity');
  const units = Array.from({ length: 50 }, (_, i) => {
    const ceiling = Math.min(0.98, 0.72 + 0.12 * random.normal());
    return {
      id: `unit-${String(i).padStart(3, '0')}`,
      value: i === 13 ? null : Math.min(ceiling, 0.48 + 0.14 * random.normal()),
      ceiling,
      control: 0.02 + 0.03 * random.normal(),
    };
  });
  return {
    ...sampleCaption('Predictive validity of encoding-ridge', {
      kind: 'derived',
      uncertainty: {
        method: 'interval of the median over neurons, between order statistics',
        level: 0.95,
        low: 0.441,
        high: 0.528,
        of: 'median pearson',
      },
    }),
    metric: 'pearson',
    units,
    centre: { is: 'median', value: 0.487 },
    ci: { low: 0.441, high: 0.528, level: 0.95 },
    ceiling: 0.731,
    control: 0.018,
    controlIs: 'the same procedure with training responses shuffled against stimuli',
    twin: 'twin-ridge-1a2b3c',
    protocol: 'cv5',
    domain: 'in-domain',
    beside: [
      { is: 'r²_ER', value: 0.472, low: 0.41, high: 0.53, neurons: 48 },
      { is: 'FEVE', value: 0.455, low: 0.4, high: 0.51, neurons: 47 },
      { is: 'r, chosen images', value: 0.318, low: 0.27, high: 0.37, neurons: 49 },
    ],
  };
}
