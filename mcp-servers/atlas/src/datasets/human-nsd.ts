import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';

const name = 'nsd_stim_info_merged.csv';
const bucket = 'https://natural-scenes-dataset.s3.us-east-2.amazonaws.com';
const subjects = [1, 2, 3, 4, 5, 6, 7, 8];
const repeats = [0, 1, 2];

/** Which image was shown to whom, and when: what every other file of the data set is read by. */
export const humanNsd: DatasetAdapter = {
  id: 'human-nsd',
  release: '2021',
  shape: 'tables',
  card: {
    title: 'Natural Scenes Dataset: 73,000 images and when eight people saw them',
    description:
      'Human: the images of the 7T fMRI experiment with their COCO ids, the 1,000 that all eight people saw, and for each person the trial of each presentation.',
    species: 'Homo sapiens',
    modality: '7T fMRI, natural images',
    kind: 'measured',
    doi: '10.1038/s41593-021-00962-x',
    cite: ['Allen et al. 2022, Nature Neuroscience 25:116'],
    licence: 'NSD Terms and Conditions: non-commercial, no redistribution',
    licenceUrl: 'https://cvnlab.slite.page/p/IB6BSeW_7o/Terms-and-Conditions',
    exposure: 'public',
    notes: [
      `Betas, ROI labels, noise ceilings and stimuli are files of their own below s3://natural-scenes-dataset: add one by its address (HDF5 is read by the parts that are needed), or as a file.`,
      'Trials count from 1 over all sessions of a person; not every person finished 40 sessions, so a planned trial need not have been measured.',
    ],
  },
  terms:
    'The Natural Scenes Dataset asks each user to agree to its Terms and Conditions and to fill in its access form before any use (https://naturalscenesdataset.org).',
  keywords: ['visual cortex', 'natural images', 'betas', 'noise ceiling', 'COCO', 'shared 1000', 'design'],
  files: [],
  brought: [{ name, origin: `${bucket}/nsddata/experiments/nsd/${name}` }],
  published: [
    {
      what: 'images',
      says: [{ value: 73000, source: 'Allen et al. 2022, Nature Neuroscience 25:116' }],
      sql: 'SELECT count(*) FROM this.images',
    },
    {
      what: 'images that all eight people saw or were to see',
      says: [{ value: 1000, source: 'Allen et al. 2022, Nature Neuroscience 25:116' }],
      sql: 'SELECT count(*) FROM this.images WHERE shared',
    },
  ],
  async ingest(file, kit) {
    await loadTable('info', file(name), { types: 'text', header: true, missing: [''] }, kit);
    const flag = (column: string) => `lower("${column}") IN ('true', '1')`;
    const images = await kit.duck.table(
      `SELECT "nsdId"::INTEGER AS image, "cocoId" AS coco_id, "cocoSplit" AS coco_split, "cropBox" AS crop, ${flag('shared1000')} AS shared, ${flag('flagged')} AS flagged, ${flag('BOLD5000')} AS in_bold5000 FROM info ORDER BY 1`,
      {
        name: 'images',
        description: 'One row an image of the stimulus file nsd_stimuli.hdf5',
        columns: {
          image: { description: 'place in nsd_stimuli.hdf5, from 0' },
          shared: { description: 'one of the 1,000 for all people' },
        },
      },
    );
    const shown = subjects.flatMap((subject) =>
      repeats.map(
        (repeat) =>
          `SELECT ${subject} AS subject, "nsdId"::INTEGER AS image, ${repeat} AS repeat, "subject${subject}_rep${repeat}"::INTEGER AS trial FROM info WHERE ${flag(`subject${subject}`)}`,
      ),
    );
    const presentations = await kit.duck.table(
      `SELECT * FROM (${shown.join(' UNION ALL ')}) WHERE trial > 0 ORDER BY subject, trial`,
      {
        name: 'presentations',
        description: 'Planned presentations of each person',
        columns: { trial: { description: 'from 1, over all sessions' }, repeat: { description: 'from 0' } },
      },
    );
    const warnings: string[] = [];
    const [{ count, shared }] = await kit.duck.rows(
      `SELECT count(*)::DOUBLE AS count, count(*) FILTER (${flag('shared1000')})::DOUBLE AS shared FROM info`,
    );
    if (Number(count) !== 73000 || Number(shared) !== 1000)
      warnings.push(`${Number(count)} images, ${Number(shared)} shared; the published list has 73000 and 1000.`);
    return { tables: [images, presentations], arrays: [], warnings };
  },
};
