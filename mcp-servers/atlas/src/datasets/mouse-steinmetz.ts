import path from 'node:path';
import { readAlf } from '../read/alf/read-alf.ts';
import type { DatasetAdapter } from './adapter.ts';

const origin = 'https://doi.org/10.6084/m9.figshare.9598406';
/** Objects of a session (github.com/nsteinme/steinmetz-et-al-2019, wiki "data files"). */
const others = [
  'probes',
  'wheel',
  'wheelMoves',
  'licks',
  'lickPiezo',
  'face',
  'eye',
  'spontaneous',
  'sparseNoise',
  'passiveBeeps',
  'passiveValveClick',
  'passiveVisual',
  'passiveWhiteNoise',
];

/** One session of the brain-wide recordings of a visual choice. */
export const mouseSteinmetz: DatasetAdapter = {
  id: 'mouse-steinmetz2019',
  release: 'figshare-9598406',
  shape: 'tables',
  parts: 'session',
  card: {
    title: 'Steinmetz 2019: one session of Neuropixels recordings in a visual choice task',
    description:
      'Mouse: spikes, units with their brain region, trials with contrasts and choices, wheel and passive stimuli of one session, as tables.',
    species: 'Mus musculus',
    modality: 'Neuropixels electrophysiology, behaviour',
    kind: 'measured',
    doi: '10.1038/s41586-019-1787-x',
    cite: ['Steinmetz et al. 2019, Nature 576:266'],
    licence: 'as the figshare item states; not confirmed here',
    licenceUrl: origin,
    exposure: 'public',
    notes: [
      'The release has 39 sessions of 10 mice (Steinmetz et al. 2019): options.folder is one of them, id names it.',
      'By region: join what psth(…, unit := clusters) gives with units on unit, which is spikes.clusters.',
      'Which values of clusters._phy_annotation are good units is told by the paper, not here.',
    ],
  },
  keywords: [
    'spikes',
    'decision',
    'choice',
    'visual cortex',
    'striatum',
    'midbrain',
    'hippocampus',
    'whole brain',
    'trials',
  ],
  files: [],
  brought: [
    { name: 'spikes.*.npy', origin },
    { name: 'clusters.*.npy', origin },
    { name: 'channels.*.npy', origin, optional: true },
    { name: 'channels.brainLocation.tsv', origin },
    { name: 'trials.*.npy', origin, optional: true },
    ...others.map((object) => ({ name: `${object}.*`, origin, optional: true as const })),
  ],
  ingest: (file, kit, names) => readAlf(path.dirname(file('channels.brainLocation.tsv')), names, kit),
};
