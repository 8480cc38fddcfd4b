import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseNpy } from '@bregma/core/npy';
import { openWorkspace } from '@bregma/core/workspace';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';

const python = process.env.BREGMA_REFERENCE_PYTHON;
const space = temporaryWorkspace();
let atlas: Connection;
let expected: Record<string, Uint8Array>;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  if (!python) return;
  execFileSync(python, [path.join(root, 'test/reference/brought_recordings.py'), space.folder]);
  expected = unzipSync(readFileSync(path.join(space.folder, 'expected.npz')));
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});
const rows = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;
const add = async (source: string, folder: string, more: object = {}) =>
  (await atlas.call('add_data', { source, options: { folder }, agree: true, ...more })).value;

/** The values of an array of a release as numbers, and its axes and unit. */
async function arrayOf(data: string, name: string) {
  const { value } = await atlas.call('describe_data', { data });
  const { object, axes, unit } = value.arrays.find((array: { name: string }) => array.name === name);
  const store = openWorkspace(space.folder);
  try {
    const { shape, data: values } = parseNpy(store.objects.get(object), name);
    return { shape, axes, unit, values: Array.from(values, Number) };
  } finally {
    store.close();
  }
}
const written = (name: string) => Array.from(parseNpy(expected[`${name}.npy`], name).data, Number);

describe.skipIf(!python)('sessions', () => {
  test('Steinmetz: spikes, trials and units with their region; two sessions lie side by side under ids of their own', async () => {
    const { dataset, warnings } = await add('mouse-steinmetz2019', 'steinmetz/Cori_2016-12-14', { id: 'cori' });
    expect(dataset).toMatch(/^cori@figshare-9598406-[0-9a-f]{8}$/);
    expect(warnings.join()).toContain('counts channels from 1 here');
    expect(await rows('SELECT unit, channel, region, ccf_ap, _phy_annotation FROM cori.units ORDER BY 1')).toEqual([
      [0, 0, 'VISp', 100, 2],
      [1, 3, 'root', 400, 1],
      [2, 1, 'VISp', 200, 3],
    ]);
    expect(await rows('SELECT * FROM cori.trials ORDER BY 1')).toEqual([
      [0, 0, 10, 0.5, 1],
      [1, 12, 20, 0, 13],
    ]);
    expect(
      await rows(
        'SELECT u.region, sum(p.spikes)::INTEGER FROM psth(cori.spikes, times, cori.trials, visualStim_times, 0, 5, 1, unit := clusters) p JOIN cori.units u USING (unit) GROUP BY 1 ORDER BY 1',
      ),
    ).toEqual(
      await rows(
        'SELECT u.region, count(*)::INTEGER FROM cori.spikes s JOIN cori.units u ON u.unit = s.clusters JOIN cori.trials t ON s.times >= t."visualStim_times" AND s.times < t."visualStim_times" + 5 GROUP BY 1 ORDER BY 1',
      ),
    );
    expect((await arrayOf('cori', 'clusters_templateWaveforms')).shape).toEqual([3, 82, 50]);
    await add('mouse-steinmetz2019', 'steinmetz/Cori_2016-12-14');
    expect(await rows('SELECT count(*) FROM mouse_steinmetz2019.spikes')).toEqual([[200]]);
  });

  test('Steinmetz: whether channels count from 0 or 1 is not guessed where nothing tells it', async () => {
    const file = path.join(space.folder, 'steinmetz/Cori_2016-12-14/clusters.peakChannel.npy');
    const bytes = readFileSync(file);
    const two = Buffer.from(bytes);
    two.writeDoubleLE(3, bytes.length - 16); // the channel 4 of 4 becomes 3
    writeFileSync(file, two);
    const { warnings, tables } = await add('mouse-steinmetz2019', 'steinmetz/Cori_2016-12-14', { id: 'doubtful' });
    expect(warnings.join()).toContain('whether it counts from 0 or 1 cannot be told');
    expect(tables.map(({ name }: { name: string }) => name)).not.toContain('units');
  });

  test('IBL: the latest revisions of a session, probes by name, trials as they are; the same by the format alf', async () => {
    const { warnings } = await add('mouse-ibl-brainwide', 'ibl', { id: 'ibl-1' });
    expect(warnings.join()).toMatch(/latest revisions were read; 3 older files/);
    await atlas.call('add_data', { source: 'ibl', id: 'by-format' });
    for (const id of ['ibl_1', 'by_format']) {
      expect(await rows(`SELECT times, clusters FROM ${id}.probe00_pykilosort_spikes ORDER BY 1`)).toEqual([
        [0.5, 1],
        [1.5, 0],
        [2.5, 1],
      ]);
      expect(await rows(`SELECT unit, channel, region_id FROM ${id}.probe00_pykilosort_units ORDER BY 1`)).toEqual([
        [0, 2, '997'],
        [1, 0, '385'],
      ]);
      expect(await rows(`SELECT "stimOn_times", "contrastLeft" FROM ${id}.trials ORDER BY 1`)).toEqual([
        [1, 0.25],
        [4, null],
      ]);
      expect(await rows(`SELECT position, timestamps FROM ${id}.wheel ORDER BY 1 LIMIT 2`)).toEqual([
        [0, 0],
        [1, 0.1],
      ]);
    }
  });

  test('Allen Visual Coding: each unit has the session and the structure of its channel; a lost channel is counted', async () => {
    const { warnings } = await add('mouse-allen-visual-coding-neuropixels', 'allen-vc');
    expect(warnings.join()).toMatch(/1 sessions here, 58 in the published.*1 units are on no channel/);
    expect(
      await rows(
        'SELECT id, session, ecephys_structure_acronym FROM mouse_allen_visual_coding_neuropixels.units ORDER BY 1',
      ),
    ).toEqual([
      ['950907205', '715093703', 'VISp'],
      ['950907209', '715093703', null],
      ['950907299', null, null],
    ]);
  });

  test('MICrONS: names come from the file beside, ids of 64 bits keep their digits, matches without properties are counted', async () => {
    const { warnings } = await add('mouse-microns-functional', 'microns');
    expect(warnings.join()).toContain('1 matches have no row in properties');
    expect(
      await rows(
        'SELECT m.pt_root_id, m.session, m.score, p.pref_ori FROM mouse_microns_functional.matches m JOIN mouse_microns_functional.properties p USING (session, scan_idx, unit_id)',
      ),
    ).toEqual([['864691135571546917', 4, 1.5, 1.25]]);
    writeFileSync(path.join(space.folder, 'microns/coregistration_manual_v4_merged_header.csv'), 'id\nsession\n');
    const error = await atlas.fail('add_data', { source: 'mouse-microns-functional', options: { folder: 'microns' } });
    expect([error.code, error.message]).toEqual(['corrupt', expect.stringContaining('9 columns, its header 2 names')]);
  });

  test('ZAPBench: traces to the bit, and the conditions with the one that is held out', async () => {
    const { warnings } = await add('zebrafish-zapbench', 'zapbench');
    expect(warnings.join()).toContain('traces is [20,7], the published one [7879,71721]');
    const traces = await arrayOf('zebrafish-zapbench', 'traces');
    expect([traces.axes, traces.shape, traces.values]).toEqual([['time', 'neuron'], [20, 7], written('traces')]);
    expect(
      await rows('SELECT condition, to_step - from_step FROM zebrafish_zapbench.conditions WHERE held_out'),
    ).toEqual([['taxis', 657]]);
    expect(await rows('SELECT sum(to_step - from_step)::INTEGER FROM zebrafish_zapbench.conditions')).toEqual([[7879]]);
  });
});

describe.skipIf(!python)('responses of people to images', () => {
  test('Natural Scenes: betas of both formats to the bit, their unit, and what was shown when', async () => {
    const asked = { source: 'human-nsd-betas', options: { folder: 'nsd-betas' }, id: 'subj01' };
    expect((await atlas.fail('add_data', asked)).code).toBe('needs-agreement');
    await add(asked.source, 'nsd-betas', { id: 'subj01' });
    const first = await arrayOf('subj01', 'betas_session01');
    expect([first.axes, first.unit, first.values]).toEqual([
      ['trial', 'z', 'y', 'x'],
      '% signal change × 300',
      written('whole'),
    ]);
    const second = await arrayOf('subj01', 'betas_session02');
    expect([second.shape, second.axes.at(-1), second.unit]).toEqual([[2, 3, 4, 6], 'trial', first.unit]);
    const at = (i: number[], shape: number[]) => i.reduce((sum, place, axis) => sum * shape[axis] + place, 0);
    expect(second.values[at([1, 2, 3, 5], second.shape)]).toBe(first.values[at([5, 3, 2, 1], first.shape)]);
    expect(await rows('SELECT run, volume, image FROM subj01.design WHERE image > 0 ORDER BY 1')).toEqual([
      [1, 1, 46003],
      [2, 1, 92006],
    ]);
    expect(await rows('SELECT "73KID", "RT" FROM subj01.behaviour ORDER BY 1')).toEqual([
      [46003, 803.5],
      [61883, null],
    ]);
    expect((await arrayOf('subj01', 'nsdgeneral')).shape).toEqual([2, 3, 4]);
  });

  test('THINGS: responses of voxels by trials to the bit, with images, noise ceilings and regions', async () => {
    const { warnings } = await add('human-things-fmri', 'things');
    expect(warnings.join()).toContain('5 trials, 9840 in the published release');
    expect(warnings.join()).not.toContain('do not belong together');
    const found = await arrayOf('human-things-fmri', 'responses_sub01');
    expect([found.axes, found.shape, found.values]).toEqual([['voxel', 'trial'], [3, 5], written('responses')]);
    expect(
      await rows('SELECT person, "row", nc_testset FROM human_things_fmri.voxels WHERE "V1" = 1 ORDER BY "row"'),
    ).toEqual([
      ['01', 1, 11.8],
      ['01', 2, 20.7],
    ]);
    expect(await rows("SELECT stimulus FROM human_things_fmri.trials WHERE trial_type = 'test'")).toEqual([
      ['candelabra_14s.jpg'],
    ]);
  });

  test('BOLD5000: an array a region, the image of each trial and its repeats', async () => {
    const { warnings } = await add('human-bold5000', 'bold5000');
    expect(warnings.join()).not.toContain('not known');
    expect((await arrayOf('human-bold5000', 'CSI1_LHEarlyVis')).values).toEqual(written('early'));
    expect(await rows('SELECT trial, image, repeat FROM human_bold5000.trials ORDER BY 1')).toEqual([
      [0, 'n01930112_19568.JPEG', 0],
      [1, 'COCO_train2014_000000026523.jpg', 0],
      [2, 'n01930112_19568.JPEG', 1],
    ]);
    writeFileSync(path.join(space.folder, 'bold5000/CSI1_imgnames.txt'), 'a.jpg\n');
    const other = await add('human-bold5000', 'bold5000', { id: 'bold-other' });
    expect(other.warnings.join()).toContain(
      'has 3 trials, CSI1_imgnames.txt 1 images: which image a trial showed is not known',
    );
  });
});
