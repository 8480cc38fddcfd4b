import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { simulation as adapt } from '@bregma/webviews/hosts/simulation-answer';
import { simulationPictures } from '@bregma/webviews/kit/simulation';
import { RasterModel } from '@bregma/webviews/raster/model';
import { spikesOf } from '@bregma/webviews/raster/spikes';
import { RatesModel } from '@bregma/webviews/rates/model';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';

const caption = { title: 'T', kind: 'simulated' as const, activity: 'act-0123456789abcdef' };
const spikes = [
  { neuron: '720575940620875399', timeMs: 1, trial: 1 },
  { neuron: 'b', timeMs: 60, trial: 1 },
  { neuron: '720575940620875399', timeMs: 1, trial: 2 },
  { neuron: '720575940620875399', timeMs: 1.5, trial: 2 },
];
const whole = {
  spikes,
  available: 4,
  neurons: new Map([
    ['720575940620875399', { name: 'A', driven: true }],
    ['b', { name: 'B', type: 'T4', driven: false }],
  ]),
  durationMs: 100,
  kept: 2,
  trials: 5,
};

describe('a simulation', () => {
  test('is drawn as spikes, driven neurons first, trial by trial', () => {
    const { raster } = simulationPictures(whole, caption);
    expect(RasterModel.parse(raster)).toMatchObject({ neurons: ['A', 'B'], groups: ['driven', 'T4'], trials: 2 });
    expect(raster.note).toContain('Spikes of 2 of 5 trials were kept.');
    const { trials, trial, neuron } = spikesOf(raster);
    expect([trials, [...trial!], [...neuron]]).toEqual([2, [0, 0, 1, 1], [0, 1, 0, 0]]);
  });

  test('is drawn as rates: the mean over trials of each group, with its interval', () => {
    const { rates } = simulationPictures(whole, caption);
    expect(RatesModel.parse(rates)).toMatchObject({
      n: { count: 2, of: 'trials' },
      completeness: { returned: 2, available: 5 },
    });
    const [driven, other] = rates!.series;
    // Bins of 2 ms, one neuron: 1 and 2 spikes are 500 and 1000 Hz; t(0.975, 1 degree) = 12.7062, s/√n = 250.
    expect([driven.name, driven.n]).toEqual(['driven', { count: 1, of: 'neurons that fired' }]);
    expect([driven.values, driven.low, driven.high].map((list) => (list as number[])[0])).toEqual([
      750,
      0,
      expect.closeTo(750 + 12.706204736 * 250, 3),
    ]);
    expect((other.values as number[]).reduce((sum, rate) => sum + rate)).toBe(250);
  });

  test('of which not all spikes were read has rates of whole trials alone', () => {
    const cut = simulationPictures({ ...whole, available: 9 }, caption);
    expect(cut.rates?.n).toEqual({ count: 1, of: 'trial' });
    expect(cut.raster).toMatchObject({ trials: 2, note: expect.stringContaining('The first 4 of 9 spikes.') });
    expect(simulationPictures({ ...whole, spikes: spikes.slice(0, 2), available: 9 }, caption).rates).toBeUndefined();
  });

  test('without a spike is an empty raster', () => {
    const { raster, rates } = simulationPictures({ ...whole, spikes: [], available: 0 }, caption);
    expect([raster.neurons, rates]).toEqual([[], undefined]);
  });
});

describe('the answer of run_twin in a chat', () => {
  const value = {
    spikes: { object: 'a'.repeat(64), trials: 2 },
    predictions: { object: 'b'.repeat(64) },
    strongest: [{ neuron: 'B', id: 'b', rateHz: 5 }],
    durationMs: 100,
    trials: 5,
  };
  const call = (bytes: (uri: string) => Promise<Uint8Array>, more = {}) => ({
    tool: 'run_twin',
    arguments: {},
    answer: { ...caption, value: { ...value, ...more } },
    read: () => Promise.reject(new Error('no JSON')),
    bytes,
  });
  const parquet = async (sql: string) => {
    const file = path.join(tmpdir(), `bregma-simulation-${process.pid}.parquet`);
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    await duck.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, COMPRESSION snappy)`);
    duck.closeSync();
    const bytes = new Uint8Array(readFileSync(file));
    rmSync(file);
    return bytes;
  };

  test('is spikes, rates and the list, read from the tables that the answer names', async () => {
    const rows = spikes.map(({ neuron, timeMs, trial }) => `('${neuron}', ${timeMs}::DOUBLE, ${trial})`).join(', ');
    const tables: Record<string, Uint8Array> = {
      a: await parquet(`SELECT * FROM (VALUES ${rows}) t(neuron, time_ms, trial)`),
      b: await parquet(
        `SELECT * FROM (VALUES ('720575940620875399', 'A', NULL, true), ('b', 'B', 'T4', false)) t(neuron, name, cell_type, driven)`,
      ),
    };
    const pictures = (await adapt.draw(call(async (uri) => tables[uri.at(-1)!]))) as { view: string; model: object }[];
    expect(pictures.map(({ view }) => view)).toEqual(['raster', 'rates', 'table']);
    expect(pictures[0].model).toMatchObject({ neurons: ['A', 'B'], groups: ['driven', 'T4'], trial: [0, 0, 1, 1] });
  });

  test('is the list alone where the spikes are too many for a chat, and says so', async () => {
    const pictures = await adapt.draw(call(() => Promise.reject(new Error('Object a has 2000000 bytes.'))));
    expect(pictures).toMatchObject([
      {
        view: 'table',
        model: {
          note: 'The spikes are not drawn here: Object a has 2000000 bytes. A notebook cell of this call draws them.',
        },
      },
    ]);
  });

  test('of a twin without spikes is its list', async () => {
    const pictures = await adapt.draw(call(() => Promise.reject(new Error('nothing to read')), { spikes: undefined }));
    expect(pictures).toMatchObject([{ view: 'table', model: { rows: [['B', 'b', 5]] } }]);
  });
});
