import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeNpy } from '@bregma/core/npy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseFormat } from '../../mcp-servers/atlas/src/sources/choose-format.ts';
import { type FormatBench, formatBench } from '../fixtures/formats.ts';

let bench: FormatBench;
beforeAll(async () => {
  bench = await formatBench();
});
afterAll(() => bench.close());

/** Writes a folder and gives the format that knows it. */
function folder(name: string, files: Record<string, string | Uint8Array>): { place: string; format: string } {
  mkdirSync(path.join(bench.folder, name), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) bench.file(`${name}/${file}`, bytes);
  const place = path.join(bench.folder, name);
  return { place, format: chooseFormat(name, place, undefined).name };
}
const list = (values: number[]) => writeNpy({ data: BigInt64Array.from(values, BigInt), shape: [values.length, 1] });
const matrix = (rows: number[][]) =>
  writeNpy({ data: Float32Array.from(rows.flat()), shape: [rows.length, rows[0].length] });
/** A pickled array of objects, as its head says. */
const pickled = () => {
  const head = "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }".padEnd(117);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
    Buffer.from(`${head}\n`),
    Buffer.from('\x80\x03.'),
  ]);
};

describe('Phy', () => {
  const files = {
    'params.py': "dat_path = 'recording.dat'\nn_channels_dat = 2\nsample_rate = 20000.\nhp_filtered = False\n",
    'spike_times.npy': list([100, 2000, 30_000]),
    'spike_clusters.npy': list([0, 7, 0]),
    'amplitudes.npy': writeNpy({ data: Float64Array.of(1.5, 2, 2.5), shape: [3] }),
    'channel_map.npy': list([1, 0]),
    'channel_positions.npy': matrix([
      [0, 20],
      [0, 40],
    ]),
    'cluster_group.tsv': 'cluster_id\tgroup\n0\tgood\n7\tnoise\n',
  };

  test('is spikes with their times, clusters and channels', async () => {
    const { place, format } = folder('phy', files);
    expect(format).toBe('phy');
    const parts = await bench.read(format, place);
    // 100 / 20,000 Hz = 5 ms.
    expect(await bench.rows(parts, 'spikes', 'sample')).toEqual([
      { time: 0.005, sample: '100', cluster_id: '0', amplitude: 1.5 },
      { time: 0.1, sample: '2000', cluster_id: '7', amplitude: 2 },
      { time: 1.5, sample: '30000', cluster_id: '0', amplitude: 2.5 },
    ]);
    expect((await bench.rows(parts, 'cluster_group', 'cluster_id')).map(({ group }) => group)).toEqual([
      'good',
      'noise',
    ]);
    expect((await bench.rows(parts, 'channels', '')).map((row) => row.channel_map)).toEqual(['1', '0']);
    expect([...bench.array(parts, 'channel_positions').data]).toEqual([0, 20, 0, 40]);
    const about = await bench.rows(parts, 'about');
    expect(about).toContainEqual({ path: 'params.py', name: 'dat_path', value: 'recording.dat' });
  });

  test('without a rate has samples alone, and says so', async () => {
    const { place } = folder('no-rate', { ...files, 'params.py': '' });
    const parts = await bench.read('phy', place);
    expect(parts.tables.find(({ name }) => name === 'spikes')?.columns.map(({ name }) => name)).not.toContain('time');
    expect(parts.warnings.join()).toContain('no sample_rate');
    const told = await bench.read('phy', place, { rate: 10_000 });
    expect((await bench.rows(told, 'spikes', 'sample'))[0].time).toBe(0.01);
  });

  test('of two runs is refused', async () => {
    const { place } = folder('mixed', { ...files, 'spike_clusters.npy': list([0, 7]) });
    expect((await bench.refusal('phy', place)).message).toBe(
      'spike_clusters.npy has not one value for each of the 3 spikes.',
    );
  });
});

describe('suite2p', () => {
  const files = {
    'F.npy': matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    'spks.npy': matrix([
      [0, 1, 0],
      [0, 0, 2],
    ]),
    'iscell.npy': matrix([
      [1, 0.75],
      [0, 0.25],
    ]),
    'stat.npy': pickled(),
    'ops.npy': pickled(),
  };

  test('is traces by ROI and frame, and which ROIs are cells', async () => {
    const { place, format } = folder('plane', files);
    expect(format).toBe('suite2p');
    const parts = await bench.read(format, place);
    expect(parts.arrays.map(({ name, axes, shape }) => [name, axes, shape])).toEqual([
      ['F', ['roi', 'frame'], [2, 3]],
      ['spks', ['roi', 'frame'], [2, 3]],
    ]);
    expect(await bench.rows(parts, 'rois', 'roi')).toEqual([
      { roi: 0, is_cell: true, probability: 0.75 },
      { roi: 1, is_cell: false, probability: 0.25 },
    ]);
    expect(parts.warnings.join()).toContain('stat.npy holds pickled objects, which are not read');
  });

  test('has places of ROIs and settings from what NumPy pickled, which is read as data and never run', async () => {
    // Written by NumPy: test/fixtures/suite2p-pickles.py.
    const written = (name: string) => readFileSync(path.resolve('test/fixtures/zoo/suite2p', name));
    const { place } = folder('pickles', { ...files, 'stat.npy': written('stat.npy'), 'ops.npy': written('ops.npy') });
    const parts = await bench.read('suite2p', place);
    expect(await bench.rows(parts, 'roi_shapes', 'roi')).toEqual([
      { roi: 0, y: 3, x: 7, npix: 2, radius: 1.5, skew: 0.5 },
      { roi: 1, y: 10, x: 20, npix: 1, radius: 2, skew: null },
    ]);
    expect(await bench.rows(parts, 'roi_pixels', 'roi, y')).toEqual([
      { roi: 0, y: 3, x: 7, weight: 0.25 },
      { roi: 0, y: 4, x: 7, weight: 0.75 },
      { roi: 1, y: 10, x: 20, weight: 1 },
    ]);
    expect(await bench.rows(parts, 'settings')).toEqual([
      { name: 'Lx', value: '32' },
      { name: 'Ly', value: '16' },
      { name: 'fs', value: '30' },
      { name: 'nonrigid', value: 'true' },
      { name: 'save_path', value: '/data/suite2p/plane0' },
      { name: 'tau', value: '0.7' },
    ]);
    expect([...bench.array(parts, 'meanImg').data]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(parts.warnings.join()).not.toContain('pickled');
  });

  test('names nothing that a pickle wants to be called, and says what is wrong with a damaged one', async () => {
    // os.system('touch ran'), as pickle would run it.
    const evil = Buffer.concat([
      pickled().subarray(0, 128),
      Buffer.from('cos\nsystem\nX\x09\x00\x00\x00touch ran\x85R.', 'latin1'),
    ]);
    const cut = readFileSync(path.resolve('test/fixtures/zoo/suite2p/ops.npy')).subarray(0, 300);
    const { place } = folder('evil', { ...files, 'stat.npy': evil, 'ops.npy': cut });
    const parts = await bench.read('suite2p', place);
    expect(parts.warnings.join()).toContain(
      'ops.npy holds pickled objects, which are not read (it is a pickle that ends early)',
    );
    expect([existsSync('ran'), existsSync(path.join(place, 'ran'))]).toEqual([false, false]);
    expect(parts.arrays.map(({ name }) => name)).toEqual(['F', 'spks']);
  });

  test('of several planes has the plane before each name', async () => {
    for (const plane of ['plane0', 'plane1'])
      for (const [name, bytes] of Object.entries(files)) bench.file(`planes/${plane}/${name}`, bytes);
    const { place, format } = folder('planes', {});
    const parts = await bench.read(format, place);
    expect(parts.tables.map(({ name }) => name)).toEqual(['plane0_rois', 'plane1_rois']);
  });

  test('with traces of other lengths is refused', async () => {
    const { place } = folder('wrong', { ...files, 'spks.npy': matrix([[1, 2]]) });
    expect((await bench.refusal('suite2p', place)).message).toBe('spks.npy is [1,2], F.npy [2,3].');
  });
});

describe('SpikeInterface', () => {
  // Written by SpikeInterface 0.105.3: int16 0, 1, 2 … − 50 in two segments, three channels at 20 kHz.
  const zoo = (name: string) => path.resolve('test/fixtures/zoo', name);

  test('recordings are traces by time and channel, and channels with gains and places', async () => {
    expect(chooseFormat('r', zoo('si-recording'), undefined).name).toBe('spikeinterface');
    const parts = await bench.read('spikeinterface', zoo('si-recording'));
    expect(parts.arrays.map(({ name, dtype, shape, axes }) => [name, dtype, shape, axes])).toEqual([
      ['traces_seg0', 'i2', [40, 3], ['time', 'channel']],
      ['traces_seg1', 'i2', [10, 3], ['time', 'channel']],
    ]);
    expect([...bench.array(parts, 'traces_seg0').data]).toEqual(Array.from({ length: 120 }, (_, i) => i - 50));
    expect(await bench.rows(parts, 'channels', 'row')).toEqual([
      { row: 0, channel_id: 'a', x: 0, y: 20, gain_to_uV: 0.5, group: '0', offset_to_uV: 0 },
      { row: 1, channel_id: 'b', x: 0, y: 40, gain_to_uV: 0.5, group: '0', offset_to_uV: 0 },
      { row: 2, channel_id: 'c', x: 0, y: 0, gain_to_uV: 0.25, group: '0', offset_to_uV: 1 },
    ]);
  });

  test('analyzers are spikes with their times and units, and what was computed', async () => {
    const parts = await bench.read('spikeinterface', zoo('si-analyzer'));
    expect(await bench.rows(parts, 'spikes', '')).toEqual([
      { time: 0.00025, sample: '5', unit_id: '0', segment: 0 },
      { time: 0.00045, sample: '9', unit_id: '2', segment: 0 },
      { time: 0.0015, sample: '30', unit_id: '0', segment: 0 },
      { time: 0.0001, sample: '2', unit_id: '2', segment: 1 },
      { time: 0.00035, sample: '7', unit_id: '2', segment: 1 },
    ]);
    expect((await bench.rows(parts, 'units', 'row')).map(({ unit_id, quality }) => [unit_id, quality])).toEqual([
      ['0', 'good'],
      ['1', 'mua'],
      ['2', 'ü'],
    ]);
    expect((await bench.rows(parts, 'quality_metrics_metrics', '')).map((row) => row.num_spikes)).toEqual([
      '2',
      '0',
      '3',
    ]);
    expect(parts.arrays.map(({ name }) => name)).toEqual([
      'extensions_templates_average',
      'extensions_templates_std',
      'extensions_waveforms_waveforms',
    ]);
    expect((await bench.rows(parts, 'channels', '')).map(({ channel_id, y }) => [channel_id, y])).toEqual([
      ['a', 20],
      ['b', 40],
      ['c', 0],
    ]);
  });

  const binary = (given: Record<string, unknown>) =>
    JSON.stringify({
      kwargs: { sampling_frequency: 100, num_channels: 2, dtype: 'int16', file_paths: ['t.raw'], ...given },
    });

  test.each<[string, Record<string, string | Uint8Array>, string]>([
    ['half a sample', { 'binary.json': binary({}), 't.raw': new Uint8Array(6) }, 'no whole samples of 2 channels'],
    [
      'no rate',
      { 'binary.json': binary({ sampling_frequency: null }) },
      'states no num_channels and sampling_frequency',
    ],
    ['a type that is no number', { 'binary.json': binary({ dtype: '<U4' }) }, 'which is no number'],
    ['settings that are no JSON', { 'binary.json': '{' }, 'is no JSON object'],
    ['an older sorting', { 'si_folder.json': '{}', 'sorting_cached.npz': '' }, 'neither traces nor a sorting'],
    ['no spikes', { 'numpysorting_info.json': '{"unit_ids": [1], "sampling_frequency": 1}' }, 'has no spikes.npy'],
  ])('with %s are refused', async (what, given, message) => {
    const { place } = folder(`si-${what.replaceAll(' ', '-')}`, given);
    const error = await bench.refusal('spikeinterface', place);
    expect([error.message, error.next]).toEqual([expect.stringContaining(message), expect.anything()]);
  });

  test('whose traces lie elsewhere say so', async () => {
    const { place } = folder('si-elsewhere', { 'binary.json': binary({ file_paths: ['../phy/params.py'] }) });
    const parts = await bench.read('spikeinterface', place);
    expect(parts.warnings).toEqual(['/traces_seg0 was left out: ../phy/params.py does not lie in the folder.']);
  });
});

describe('BIDS', () => {
  const files = {
    'dataset_description.json': JSON.stringify({ Name: 'Go or not', BIDSVersion: '1.9.0', License: 'CC0' }),
    'participants.tsv': 'participant_id\tage\tsex\nsub-01\t31\tF\nsub-02\tn/a\tM\n',
    'participants.json': JSON.stringify({ age: { Description: 'age at the first session', Units: 'year' } }),
    'task-go_events.json': JSON.stringify({
      trial_type: { Levels: { go: 'press', stop: 'do not press' } },
      response_time: { Units: 'ms' },
    }),
    'sub-01/func/sub-01_task-go_run-1_events.tsv': 'onset\tduration\ttrial_type\n0.5\t1\tgo\n2\t1\tstop\n',
    'sub-01/func/sub-01_task-go_run-1_events.json': JSON.stringify({ trial_type: { Levels: { go: 'press left' } } }),
    'sub-02/func/sub-02_task-go_run-1_events.tsv': 'onset\tduration\ttrial_type\tresponse_time\n1.25\tn/a\tgo\t310\n',
    'derivatives/x/sub-01/func/sub-01_task-go_run-1_events.tsv': 'onset\tduration\n9\t9\n',
  };

  test('is one table for each kind, over subjects and runs, with units and levels of the sidecars', async () => {
    const { place, format } = folder('study', files);
    expect(format).toBe('bids');
    const parts = await bench.read(format, place);
    expect(parts.card).toMatchObject({ title: 'Go or not', licence: 'CC0' });
    // What others made of the data is named, never left out in silence.
    expect(parts.warnings).toContain(
      'derivatives/x holds 1 table, what others made of these data; add that folder by itself.',
    );
    expect(await bench.rows(parts, 'events', 'sub, onset')).toEqual([
      { sub: '01', task: 'go', run: '1', onset: 0.5, duration: '1', trial_type: 'go', response_time: null },
      { sub: '01', task: 'go', run: '1', onset: 2, duration: '1', trial_type: 'stop', response_time: null },
      { sub: '02', task: 'go', run: '1', onset: 1.25, duration: null, trial_type: 'go', response_time: '310' },
    ]);
    const events = parts.tables.find(({ name }) => name === 'events');
    const units = Object.fromEntries((events?.columns ?? []).map(({ name, unit }) => [name, unit]));
    expect(units).toMatchObject({ onset: 's', duration: 's', response_time: 'ms' });
    const age = parts.tables[0].columns.find(({ name }) => name === 'age');
    expect([age?.type, age?.unit, age?.description]).toEqual(['BIGINT', 'year', 'age at the first session']);
    // The sidecar beside a file wins over the one above, for that file.
    expect(
      (await bench.rows(parts, 'levels', '')).map(({ level, description }) => [level, description]),
    ).toContainEqual(['stop', 'do not press']);
  });

  test('of derivatives has the confounds of every run, and names tables of no known kind', async () => {
    const { place } = folder('fmriprep', {
      'dataset_description.json': JSON.stringify({ Name: 'fMRIPrep', DatasetType: 'derivative' }),
      'sub-01/func/sub-01_task-go_desc-confounds_timeseries.tsv': 'csf\ttrans_x\n1.5\t0\n2.5\t0.1\n',
      'sub-02/func/sub-02_task-go_desc-confounds_timeseries.tsv': 'csf\ttrans_x\nn/a\t0.2\n',
      'sub-01/func/sub-01_task-go_odd.tsv': 'a\n1\n',
    });
    const parts = await bench.read('bids', place);
    expect(
      (await bench.rows(parts, 'timeseries', 'sub, trans_x')).map(({ sub, desc, csf, trans_x }) => [
        sub,
        desc,
        csf,
        trans_x,
      ]),
    ).toEqual([
      ['01', 'confounds', 1.5, 0],
      ['01', 'confounds', 2.5, 0.1],
      ['02', 'confounds', null, 0.2],
    ]);
    expect(parts.warnings).toEqual(['*_odd.tsv (1) is of no kind that is read with the others: add each by itself.']);
  });

  test('with a sidecar that is no JSON is refused by its name', async () => {
    const { place } = folder('broken', { ...files, 'participants.json': '{' });
    const error = await bench.refusal('bids', place);
    expect([error.code, error.message]).toEqual(['corrupt', 'participants.json is no JSON object.']);
  });

  test('without tables is refused', async () => {
    const { place } = folder('images', { 'dataset_description.json': '{}' });
    expect((await bench.refusal('bids', place)).message).toContain('no table of BIDS');
  });
});

describe('Neuropixels metadata', () => {
  const meta = (bytes: number) =>
    `fileSizeBytes=${bytes}\nimSampRate=30000\nnSavedChans=2\nimAiRangeMax=0.6\n~snsChanMap=(1,0,1)(AP0;0:0)(SY0;1:1)\n`;
  const samples = new Uint8Array(Int16Array.of(1, -2, 3, -4, 5, -6).buffer);

  test('are settings, channels, and the samples that lie beside them', async () => {
    bench.file('run.ap.bin', samples);
    const parts = await bench.read('spikeglx', bench.file('run.ap.meta', meta(12)));
    expect(bench.array(parts, 'samples')).toMatchObject({ dtype: 'i2', shape: [3, 2] });
    expect([...bench.array(parts, 'samples').data]).toEqual([1, -2, 3, -4, 5, -6]);
    expect((await bench.rows(parts, 'channels', 'channel')).map(({ name }) => name)).toEqual(['AP0', 'SY0']);
    expect(await bench.rows(parts, 'about')).toContainEqual({
      path: 'run.ap.meta',
      name: 'imAiRangeMax',
      value: '0.6',
    });
  });

  test('that lie about the length of the samples are refused', async () => {
    bench.file('lie.ap.bin', samples);
    const error = await bench.refusal('spikeglx', bench.file('lie.ap.meta', meta(16)));
    expect(error.message).toBe('lie.ap.bin has 12 bytes, its metadata say 16.');
  });

  test('alone are settings and channels', async () => {
    const parts = await bench.read('spikeglx', bench.file('alone.ap.meta', meta(12)));
    expect([parts.arrays, parts.warnings]).toEqual([
      [],
      ['alone.ap.bin does not lie beside it: there are no samples.'],
    ]);
  });
});
