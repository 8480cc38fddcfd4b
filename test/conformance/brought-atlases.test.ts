import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  if (python) execFileSync(python, [path.join(root, 'test/reference/brought_atlases.py'), space.folder]);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});
const rows = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;
const add = async (source: string, folder: string, more: object = {}) =>
  (await atlas.call('add_data', { source, options: { folder }, agree: true, ...more })).value;

describe.skipIf(!python)('cells of the Allen Brain Cell Atlas, in the layout of its cache', () => {
  test('each cell has its types at every level; what the taxonomy does not know is kept and counted', async () => {
    const { warnings } = await add('mouse-abc-cells', 'abc');
    expect(warnings[0]).toContain('1 cells are of no cluster of the taxonomy');
    expect(
      await rows(
        'SELECT cell_label, region_of_interest_acronym, neurotransmitter, class, subclass, cluster FROM mouse_abc_cells.cells ORDER BY 1',
      ),
    ).toEqual([
      ['000000000000000012', 'HIP', null, null, null, null],
      ['AATGGCTCAGCTCCTT-411', 'VIS', 'GABA', '07 CTX-MGE GABA', '052 Pvalb Gaba', '0740 Pvalb Gaba_1'],
      ['GCGAGAAGTTAAGGGC-410', 'VIS', 'Glut', '01 IT-ET Glut', '007 L2/3 IT CTX Glut', '0104 L2/3 IT CTX Glut_1'],
    ]);
    expect(await rows('SELECT gene_identifier, gene_symbol FROM mouse_abc_cells.genes')).toEqual([
      ['ENSMUSG00000005716', 'Pvalb'],
    ]);
    expect((await atlas.call('describe_data', { data: 'mouse-abc-cells' })).licence).toEqual([
      'CC BY-NC 4.0 (Allen Brain Cell Atlas)',
    ]);
  });

  test('cells of sections have their place in CCF, in mm; ids of 19 digits stay what they are', async () => {
    await add('mouse-abc-merfish', 'merfish');
    expect(
      await rows('SELECT cell_label, subclass, ccf_x, ccf_y, ccf_z FROM mouse_abc_merfish.cells ORDER BY 1'),
    ).toEqual([
      ['1015221640100570142', '052 Pvalb Gaba', 5.4, 4, 5.7],
      ['1015221640100800130', '007 L2/3 IT CTX Glut', null, null, null],
    ]);
  });

  test('human cells have the levels of their own taxonomy, donors of SEA-AD a table of their own', async () => {
    await add('human-abc-cells', 'human-abc');
    expect(await rows('SELECT supercluster, cluster, subcluster FROM human_abc_cells.cells')).toEqual([
      ['Splatter', 'Splat_1', 'Splat_1_0'],
    ]);
    await add('human-sea-ad', 'sea-ad');
    expect(
      await rows(
        'SELECT c.supertype, d.cognitive_status FROM human_sea_ad.cells c JOIN human_sea_ad.donors d USING (donor_label)',
      ),
    ).toEqual([['Pvalb_1', 'Dementia']]);
  });

  test('a file that is not the one of the manifest is refused, by size and by digest, and nothing is added', async () => {
    const name = 'metadata/SEAAD/20231215/cell_metadata.csv';
    const file = path.join(space.folder, 'sea-ad', name);
    const before = readFileSync(file, 'utf8');
    const ask = () => atlas.fail('add_data', { source: 'human-sea-ad', options: { folder: 'sea-ad' }, agree: true });
    appendFileSync(file, 'X-1,H21.33.001,3\n');
    const size = await ask();
    expect([size.code, size.message]).toEqual([
      'corrupt',
      expect.stringMatching(/has \d+ bytes; the manifest .* \d+ bytes/),
    ]);
    writeFileSync(file, before.replace(',3', ',4'));
    const digest = await ask();
    expect([digest.code, digest.message]).toEqual(['corrupt', expect.stringContaining(`${name} has MD5`)]);
    expect(digest.next).toContain('https://allen-brain-cell-atlas');
    writeFileSync(file, before);
    writeFileSync(path.join(space.folder, 'sea-ad/releases/20231215/manifest.json'), '{"file_listing": {}}');
    expect((await ask()).message).toContain('lists no file');
  });
});

describe.skipIf(!python)('fly nerve cords', () => {
  test('MANC: traced neurons with class, side and transmitter; ends that are no neurons are left out and counted', async () => {
    const { warnings } = await add('drosophila-manc', 'manc');
    expect(warnings.join(' ')).toMatch(/1 rows join segments that are no neurons/);
    expect(
      await rows(
        'SELECT id, name, cell_type, super_class, hemilineage, nt_type FROM drosophila_manc.neurons ORDER BY id',
      ),
    ).toEqual([
      ['10000', 'DNp01_CvC_R', 'DNp01', 'descending neuron', null, 'acetylcholine'],
      ['10002', '10002', null, null, null, null],
      ['720575940620875399', 'IN13B025_T2_L', 'IN13B025', 'intrinsic neuron', '13B', 'gaba'],
    ]);
    const { value } = await atlas.call('trace_connections', {
      data: 'drosophila-manc',
      from: 'type:DNp01',
      by: 'type',
    });
    expect(value.partners[0]).toMatchObject({ name: 'IN13B025', weight: 12 });
  });

  test('BANC: proofread segments that are neurons, with the types of other brains as matches', async () => {
    const { warnings } = await add('drosophila-banc', 'banc');
    expect(warnings.join(' ')).toMatch(/2 rows join segments.*2 here, 155858 in the published release/);
    expect(
      await rows(
        'SELECT id, cell_type, super_class, manc_cell_type, hemibrain_cell_type, nt_type FROM drosophila_banc.neurons ORDER BY id',
      ),
    ).toEqual([
      ['720575941277394247', null, 'motor', 'MNwm36', null, 'glutamate'],
      ['720575941509220642', 'DNa02', 'descending', 'DNa02', 'auto:DNa02', 'acetylcholine'],
    ]);
    expect(await rows('SELECT pre, post, weight FROM drosophila_banc.edges')).toEqual([
      ['720575941509220642', '720575941277394247', 9],
    ]);
    const { value } = await atlas.call('describe_data', { data: 'drosophila-banc' });
    expect(value.disagreements.join()).toMatch(/155,916 .*against 155,858/);
  });
});
