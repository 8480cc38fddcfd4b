import type { Caption } from '@bregma/core/contracts/views/caption';
import type { RatesModel } from '@bregma/core/contracts/views/rates';
import type { TableModel } from '@bregma/core/contracts/views/table';
import type { TuningModel } from '@bregma/core/contracts/views/tuning';
import type { ValidityModel } from '@bregma/core/contracts/views/validity';
import { makeRandom } from '@bregma/core/statistics/random';

/** Models made by a generator, for tests of drawing: they say so. */
const caption = (title: string, extra: Partial<Caption> = {}): Caption => ({
  title,
  kind: 'synthetic',
  n: { count: 50, of: 'neurons' },
  release: ['macaque-v4-cowley2023@2023'],
  cite: ['Cowley et al. 2023'],
  activity: 'act-0123456789abcdef',
  ...extra,
});

export function ratesModel(): RatesModel {
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
    ...caption('Population rate around a grating', {
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

export function tuningModel(): TuningModel {
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
    ...caption('Orientation tuning of V1-017', { n: { count: 20, of: 'presentations a point' } }),
    stimulus: { label: 'Orientation', unit: '°', period: 180 },
    response: { label: 'Response', unit: 'spikes/s' },
    interval: '95 % of the mean over presentations',
    curves: [curve('recorded', 50, 26, 'measured'), curve('twin', 56, 21, 'predicted')],
  };
}

export function validityModel(): ValidityModel {
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
    ...caption('Predictive validity of encoding-ridge', {
      kind: 'derived',
      uncertainty: {
        method: 'bootstrap of the median over neurons, 2000 resamples',
        level: 0.95,
        low: 0.441,
        high: 0.528,
        of: 'median pearson',
      },
    }),
    metric: 'pearson',
    units,
    median: 0.487,
    ci: { low: 0.441, high: 0.528, level: 0.95 },
    ceiling: 0.731,
    control: 0.018,
    controlIs: 'the same procedure with stimuli shuffled against responses',
    twin: 'twin-ridge-1a2b3c',
    protocol: 'cv5',
    domain: 'in-domain',
  };
}

/** Ids that a JavaScript number would change, gaps, and text from the outside. */
export function tableModel(rows = 100_000): TableModel {
  const random = makeRandom('table');
  return {
    ...caption('Neurons of the fly brain', {
      n: { count: rows, of: 'rows' },
      completeness: { returned: rows, available: 139_255, of: 'rows' },
    }),
    columns: [
      { name: 'root_id', type: 'BIGINT', description: 'identifier of the neuron in FlyWire' },
      { name: 'cell_type', type: 'VARCHAR' },
      { name: 'side', type: 'VARCHAR' },
      { name: 'input_synapses', type: 'INTEGER', unit: 'synapses' },
      { name: 'cable_length', type: 'DOUBLE', unit: 'µm' },
      { name: 'transmitter', type: 'VARCHAR' },
    ],
    rows: Array.from({ length: rows }, (_, i) => [
      String(720575940620875399n + BigInt((i * 7919) % rows)),
      `T${1 + random.integer(5)}${'abcd'[random.integer(4)]}`,
      random.uniform() < 0.5 ? 'left' : 'right',
      random.uniform() < 0.04 ? null : random.integer(4000),
      random.uniform() < 0.02 ? null : 1200 * random.uniform() ** 2,
      random.uniform() < 0.1 ? null : ['acetylcholine', 'GABA', 'glutamate'][random.integer(3)],
    ]),
  };
}
