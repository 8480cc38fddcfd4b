import { makeRandom } from '@bregma/core/statistics/random';
import type { ChartModel } from '@bregma/webviews/chart/model';
import type { ImageModel } from '@bregma/webviews/image/model';
import type { JsonModel } from '@bregma/webviews/json/model';
import type { Caption } from '@bregma/webviews/kit/caption';
import type { PointsModel } from '@bregma/webviews/points/model';
import type { RasterModel } from '@bregma/webviews/raster/model';
import type { RatesModel } from '@bregma/webviews/rates/model';
import type { TableModel } from '@bregma/webviews/table/model';
import type { TuningModel } from '@bregma/webviews/tuning/model';
import type { ValidityModel } from '@bregma/webviews/validity/model';

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
    centre: { is: 'median', value: 0.487 },
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

export function rasterModel(): RasterModel {
  const random = makeRandom('raster');
  const groups = ['L2/3 exc', 'L4 exc', 'PV', 'SST'];
  const count = 120;
  const trials = 8;
  const spikes: { t: number; neuron: number; trial: number }[] = [];
  const group = Array.from({ length: count }, (_, i) => groups[i < 50 ? 0 : i < 90 ? 1 : i < 108 ? 2 : 3]);
  for (let neuron = 0; neuron < count; neuron++) {
    const base = neuron % 17 === 5 ? 0 : group[neuron] === 'PV' ? 14 : 2 + 4 * random.uniform();
    const gain = base === 0 ? 0 : 25 * random.uniform();
    for (let trial = 0; trial < trials; trial++)
      for (let t = 0; t < 1000; t += 2) {
        const rate = base + (t > 300 && t < 700 ? gain * Math.exp(-(t - 300) / 150) : 0);
        if (random.uniform() < rate * 0.002) spikes.push({ t: t + random.uniform() * 2, neuron, trial });
      }
  }
  return {
    ...caption('Spikes around a grating', { n: { count, of: 'neurons' } }),
    durationMs: 1000,
    neurons: Array.from({ length: count }, (_, i) => `n${String(i).padStart(3, '0')}`),
    groups: group,
    timesMs: {
      dtype: 'f4',
      shape: [spikes.length],
      bytes: new Uint8Array(Float32Array.from(spikes, ({ t }) => t).buffer),
    },
    neuron: spikes.map(({ neuron }) => neuron),
    trial: spikes.map(({ trial }) => trial),
    trials,
    epochs: [{ label: 'grating', startMs: 300, endMs: 700 }],
  };
}

/** Receptive fields as Gabor patches, one with a corner that was not measured. */
export function imageModel(): ImageModel {
  const size = 32;
  return {
    ...caption('Receptive fields', { n: { count: 12, of: 'neurons' } }),
    scale: 'diverging',
    unit: 'spikes/s a unit of contrast',
    pixelSize: { size: 0.25, unit: '°' },
    images: Array.from({ length: 12 }, (_, k) => {
      const values = new Float32Array(size * size);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const [u, v] = [(x - size / 2) / 6, (y - size / 2) / 6];
          const turned = u * Math.cos(k * 0.26) + v * Math.sin(k * 0.26);
          values[y * size + x] =
            k === 3 && x < 8 && y < 8 ? Number.NaN : 4 * Math.exp(-(u * u + v * v) / 2) * Math.cos(3 * turned + k);
        }
      return {
        label: `neuron ${k + 1}`,
        values: { dtype: 'f4' as const, shape: [size, size], bytes: new Uint8Array(values.buffer) },
      };
    }),
  };
}

export function jsonModel(): JsonModel {
  return {
    ...caption('Answer of trace_connections', { kind: 'derived', n: { count: 1, of: 'starting neurons' } }),
    value: {
      from: ['ASEL'],
      direction: 'downstream',
      total: 118,
      unit: 'synapses',
      complete: true,
      missing: null,
      partners: Array.from({ length: 450 }, (_, i) => ({
        id: String(720575940620875399n + BigInt(i)),
        name: `AIY${i}`,
        weight: 20 - i / 10,
      })),
    },
  };
}

export function chartModel(): ChartModel {
  const random = makeRandom('chart');
  const types = ['KC', 'MBON', 'DAN', 'PN', 'LHN'];
  return {
    ...caption('Input and output synapses by cell type', { n: { count: 300, of: 'neurons' } }),
    spec: {
      marks: [
        { mark: 'dot', x: 'inputs', y: 'outputs', colour: 'type', symbol: 'type' },
        { mark: 'rule', axis: 'y', at: 100, label: 'threshold' },
      ],
      x: { label: 'Input', unit: 'synapses', type: 'log' },
      y: { label: 'Output', unit: 'synapses', type: 'log' },
    },
    rows: Array.from({ length: 300 }, (_, i) => {
      const type = types[i % 5];
      const inputs = Math.exp(3 + (i % 5) * 0.6 + 0.5 * random.normal());
      return { type, inputs: i === 7 ? null : inputs, outputs: inputs * Math.exp(0.4 * random.normal()) };
    }),
  };
}

/** Clusters in a plane, as an embedding of cells has. */
export function pointsModel(count = 100_000): PointsModel {
  const random = makeRandom('points');
  const types = [
    'L2/3 IT',
    'L4/5 IT',
    'L6 CT',
    'Pvalb',
    'Sst',
    'Vip',
    'Lamp5',
    'Astro',
    'Oligo',
    'Micro',
    'Endo',
    'DG',
  ];
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const type = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const k = Math.floor(types.length * random.uniform() ** 1.6);
    const angle = (k / types.length) * 2 * Math.PI;
    const bend = random.normal();
    type[i] = k;
    x[i] = 9 * Math.cos(angle) + bend * 1.6 + random.normal() * 0.5;
    y[i] = 6 * Math.sin(angle) + bend * bend * 0.5 + random.normal() * 0.7;
  }
  const packed = (dtype: 'f4' | 'u1', data: Float32Array | Uint8Array) => ({
    dtype,
    shape: [count],
    bytes: new Uint8Array(data.buffer),
  });
  return {
    ...caption('Cells of the mouse cortex, UMAP of expression', { n: { count, of: 'cells' } }),
    x: packed('f4', x),
    y: packed('f4', y),
    axes: { x: { label: 'UMAP 1' }, y: { label: 'UMAP 2' } },
    category: { name: 'subclass', names: types, values: packed('u1', type) },
    names: { lines: Array.from({ length: count }, (_, i) => `cell ${i}`).join('\n') },
  };
}
