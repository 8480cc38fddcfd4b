import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

const cache = 'https://allen-brain-observatory.s3.us-west-2.amazonaws.com/visual-coding-neuropixels/ecephys-cache';

/** What was recorded where in the Allen Visual Coding Neuropixels sessions. */
export const mouseAllenVisualCoding: DatasetAdapter = {
  id: 'mouse-allen-visual-coding-neuropixels',
  release: 'ecephys-cache',
  shape: 'tables',
  card: {
    title: 'Allen Brain Observatory, Visual Coding Neuropixels: sessions, probes, channels and units',
    description:
      'Mouse: every unit with its quality, its session and the brain structure of its channel; spikes and stimulus tables are in the NWB file of each session.',
    species: 'Mus musculus',
    modality: 'Neuropixels electrophysiology',
    kind: 'measured',
    doi: '10.1038/s41586-020-03171-x',
    cite: ['Siegle, Jia et al. 2021, Nature 592:86'],
    licence: 'Allen Institute Terms of Use: non-commercial, with citation',
    licenceUrl: 'https://alleninstitute.org/terms-of-use',
    exposure: 'public',
    notes: [
      'Spikes of a session: add its NWB by its address, dandi://000021/… or a file of the cache; by range, and whole arrays with options {"take": ["/units"]}. It has units with peak_channel_id, electrodes with location, and a table NAME_presentations for each stimulus.',
      'The structure of a unit is that of its peak channel. The quality thresholds of AllenSDK are not applied: all units of units.csv are here.',
    ],
  },
  keywords: [
    'visual cortex',
    'V1',
    'LGN',
    'hippocampus',
    'thalamus',
    'spikes',
    'drifting gratings',
    'natural scenes',
    'NWB',
  ],
  files: [],
  brought: ['sessions', 'probes', 'channels', 'units'].map((name) => ({
    name: `${name}.csv`,
    origin: `${cache}/${name}.csv`,
  })),
  published: [
    {
      what: 'sessions',
      says: [{ value: 58, source: 'Siegle, Jia et al. 2021, Nature 592:86' }],
      sql: 'SELECT count(*) FROM this.sessions',
    },
  ],
  async ingest(file, kit) {
    const ids = {
      sessions: ['id', 'specimen_id'],
      probes: ['id', 'ecephys_session_id'],
      channels: ['id', 'ecephys_probe_id', 'ecephys_structure_id'],
      units: ['id', 'ecephys_channel_id'],
    };
    for (const [name, columns] of Object.entries(ids))
      await loadTable(
        name,
        file(`${name}.csv`),
        {
          header: true,
          separator: ',',
          missing: [''],
          types: Object.fromEntries(columns.map((one) => [one, 'text' as const])),
        },
        kit,
      );
    const structure = (await kit.duck.columns('channels'))
      .map(({ name }) => name)
      .filter((name) =>
        /^(ecephys_structure_acronym|ecephys_structure_id|(anterior_posterior|dorsal_ventral|left_right)_ccf_coordinate)$/.test(
          name,
        ),
      );
    const place = structure.map((name) => `, c."${name}"`).join('');
    await kit.duck.run(
      `CREATE TABLE placed AS SELECT u.*, p.ecephys_session_id AS session, c.ecephys_probe_id AS probe${place} FROM units u LEFT JOIN channels c ON c.id = u.ecephys_channel_id LEFT JOIN probes p ON p.id = c.ecephys_probe_id`,
    );
    const tables = [];
    for (const [name, from] of [
      ['sessions', 'sessions'],
      ['probes', 'probes'],
      ['channels', 'channels'],
      ['units', 'placed'],
    ])
      tables.push(
        await kit.duck.table(`SELECT * FROM ${from} ORDER BY id`, {
          name,
          columns: Object.fromEntries(
            structure.filter((one) => one.endsWith('_coordinate')).map((one) => [one, { unit: 'um' }]),
          ),
        }),
      );
    const [{ count, lost }] = await kit.duck.rows(
      'SELECT (SELECT count(*) FROM sessions)::DOUBLE AS count, count(*) FILTER (session IS NULL)::DOUBLE AS lost FROM placed',
    );
    const warnings: string[] = [];
    if (Number(count) !== 58) warnings.push(`${Number(count)} sessions here, 58 in the published release.`);
    if (Number(lost) > 0)
      warnings.push(`${Number(lost)} units are on no channel of channels.csv: they have no session and no structure.`);
    return { tables, arrays: [], warnings };
  },
};
