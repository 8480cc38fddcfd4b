import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasets } from '../../mcp-servers/atlas/src/datasets/index.gen.ts';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
const brought = datasets.flat().filter((entry) => entry.brought);
const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  if (python) execFileSync(python, [path.join(root, 'test/reference/brought_files.py'), space.folder]);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});
const rows = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;

test.each(brought)('$id says where its files are published, and is not added without them', async (entry) => {
  const { value, licence } = await atlas.call('describe_data', { data: entry.id });
  expect([value.from, licence]).toEqual(['options.folder', [entry.card.licence]]);
  expect(value.brings.map(({ origin }: { origin: string }) => origin).join()).toMatch(/^https:/);
  const error = await atlas.fail('add_data', { source: entry.id, agree: true });
  expect([error.code, error.next]).toEqual(['missing', expect.stringContaining('"folder"')]);
  for (const { name } of entry.brought ?? []) expect(error.message).toContain(name);
});

describe.skipIf(!python)('files of the layout that is published', () => {
  test('hemibrain: types, names and connections, and that these are not the published files', async () => {
    const { value } = await atlas.call('add_data', {
      source: 'drosophila-hemibrain',
      options: { folder: 'hemibrain' },
    });
    expect(value.warnings.join(' ')).toContain('3 here, 21739 in the published release');
    expect(await rows('SELECT id, name, cell_type FROM drosophila_hemibrain.neurons ORDER BY id')).toEqual([
      ['200326126', 'CL141_R', 'CL141'],
      ['202916528', '202916528', null],
      ['5813105172', 'KCg-m_R', 'KCg-m'],
    ]);
    const traced = await atlas.call('trace_connections', {
      data: 'drosophila-hemibrain',
      from: 'type:CL141',
      by: 'type',
    });
    expect(traced.value.partners[0]).toMatchObject({ name: 'KCg-m', weight: 13 });
    const described = await atlas.call('describe_data', { data: 'drosophila-hemibrain' });
    expect(described.value.files.map(({ sha256 }: { sha256: string }) => sha256.length)).toEqual([64, 64]);
  });

  test('MaleCNS: bodies with a superclass are neurons, other segments are left out and counted', async () => {
    const { value } = await atlas.call('add_data', { source: 'drosophila-male-cns', options: { folder: 'male-cns' } });
    expect(value.warnings.join(' ')).toMatch(/1 rows join segments that are no neurons/);
    expect(
      await rows('SELECT id, cell_type, super_class, nt_type FROM drosophila_male_cns.neurons ORDER BY id'),
    ).toEqual([
      ['10000', 'DNa02', 'descending_neuron', 'acetylcholine'],
      ['10001', 'MBON01', 'cb_intrinsic', 'glutamate'],
      ['10002', null, 'cb_intrinsic', null],
    ]);
    expect(await rows('SELECT pre, post, weight FROM drosophila_male_cns.edges ORDER BY ALL')).toEqual([
      ['10001', '10000', 7],
      ['10001', '10002', 2],
      ['10002', '10001', 1],
    ]);
  });

  test('Natural Scenes: terms first, then images and who saw them when', async () => {
    const asked = { source: 'human-nsd', options: { folder: 'nsd' } };
    expect((await atlas.fail('add_data', asked)).code).toBe('needs-agreement');
    const { value } = await atlas.call('add_data', { ...asked, agree: true });
    expect(value.warnings.join()).toContain('the published list has 73000 and 1000');
    expect(await rows('SELECT image, coco_id, shared, in_bold5000 FROM human_nsd.images')).toEqual([
      [0, '532481', true, false],
      [1, '245764', false, true],
      [2, '385029', false, false],
    ]);
    expect(await rows('SELECT count(*), count(DISTINCT subject) FROM human_nsd.presentations')).toEqual([[27, 8]]);
    expect(await rows('SELECT trial FROM human_nsd.presentations WHERE subject = 2 AND image = 1')).toEqual([
      [100],
      [101],
      [102],
    ]);
  });

  test.skipIf(!process.env.BREGMA_MIRROR)('CCFv3 at another resolution: the voxel that a point lies in', async () => {
    await atlas.call('add_data', { source: 'mouse-ccfv3-100um', options: { folder: 'ccf' }, agree: true });
    const { value } = await atlas.call('locate_points', {
      data: 'mouse-ccfv3-100um',
      points: [{ ap: 0.15, dv: 0.25, ml: 0.35 }],
    });
    expect(value.points[0]).toMatchObject({ voxel: [1, 2, 3], region: { acronym: 'VISp' } });
  });

  test('a file that is not there is named, with where it is published; one that may be missing is not missed', async () => {
    rmSync(path.join(space.folder, 'hemibrain/traced-neurons.csv'));
    const error = await atlas.fail('add_data', { source: 'drosophila-hemibrain', options: { folder: 'hemibrain' } });
    expect(`${error.message} ${error.next}`).toMatch(/traced-neurons\.csv.*storage\.googleapis\.com/s);
    rmSync(path.join(space.folder, 'male-cns/body-neurotransmitters-male-cns-v1.0.feather'));
    await atlas.call('add_data', { source: 'drosophila-male-cns', options: { folder: 'male-cns' } });
  });
});
