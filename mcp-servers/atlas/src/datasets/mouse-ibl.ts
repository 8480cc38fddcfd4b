import { readAlf } from '../read/alf/read-alf.ts';
import type { DatasetAdapter } from './adapter.ts';

const origin = 'https://openalyx.internationalbrainlab.org (ONE; public sessions)';

/** One session of the brain-wide map. */
export const mouseIbl: DatasetAdapter = {
  id: 'mouse-ibl-brainwide',
  release: 'BWM',
  shape: 'tables',
  parts: 'session',
  card: {
    title: 'International Brain Laboratory, brain-wide map: one session',
    description:
      'Mouse: spikes and clusters of each probe with their brain region, trials of the decision task, wheel and cameras of one session, as tables.',
    species: 'Mus musculus',
    modality: 'Neuropixels electrophysiology, behaviour',
    kind: 'measured',
    doi: '10.1038/s41586-025-09235-0',
    cite: ['International Brain Laboratory 2025, Nature 645:177'],
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    exposure: 'public',
    notes: [
      'options.folder is the folder of a session as ONE keeps it (LAB/Subjects/SUBJECT/DATE/NUMBER), with the folder alf in it; of several revisions the latest is read. id names the session.',
      'region_id are ids of structures of the Allen CCF 2017: join them with a registered structure tree.',
      'The map has 459 sessions of 139 mice and 699 insertions (International Brain Laboratory 2025); this is one.',
    ],
  },
  keywords: ['spikes', 'decision', 'choice', 'IBL', 'ALF', 'whole brain', 'trials', 'wheel'],
  files: [],
  brought: [{ name: 'alf/**', origin }],
  ingest(file, kit, names) {
    const [first] = names;
    return readAlf(file(first).slice(0, -first.length), names, kit);
  },
};
