import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import type { FormatKit } from '../formats/format.ts';
import { nifti } from '../formats/nifti.ts';
import { loadTable } from '../read/load-table.ts';
import { openContainer } from '../read/open-container.ts';
import { readContainer } from '../read/read-container.ts';
import type { DatasetAdapter } from './adapter.ts';
import { humanNsd } from './human-nsd.ts';

const bucket = 'https://natural-scenes-dataset.s3.us-east-2.amazonaws.com';
const betas = `${bucket}/nsddata_betas/ppdata/SUBJECT/SPACE/betas_fithrf_GLMdenoise_RR`;
const ppdata = `${bucket}/nsddata/ppdata/SUBJECT`;
/** Whole numbers of the published betas are percent signal change times this (NSD Data Manual, "betas"). */
const unit = '% signal change × 300';

/** The responses of one person, or of some of a person's sessions. */
export const humanNsdBetas: DatasetAdapter = {
  id: 'human-nsd-betas',
  release: '2021',
  shape: 'tables',
  parts: 'person, or some of a person’s sessions',
  card: {
    ...humanNsd.card,
    title: 'Natural Scenes Dataset: responses of one person to each trial, with regions and noise',
    description:
      'Human: 7T fMRI single-trial responses (betas) of sessions, labels of regions of interest, signal-to-noise of voxels, behaviour and design of one person.',
    notes: [
      'Volumes of betas are whole numbers: divide by 300 for percent signal change. On the surface (fsaverage) they are percent signal change already.',
      'Axes of an HDF5 file are trial, z, y, x, as h5py gives them; of NIfTI x, y, z, trial.',
      'Noise ceiling in percent of the variance: 100·ncsnr² ÷ (ncsnr² + 1/n) for responses averaged over n trials (Allen et al. 2022, Methods).',
      'trial of human-nsd counts over all sessions of a person: session 1 has trials 1 to 750.',
    ],
  },
  terms: humanNsd.terms,
  keywords: [...(humanNsd.keywords ?? []), 'betas', 'single trial', 'ncsnr', 'ROI', 'GLMsingle'],
  files: [],
  brought: [
    { name: 'betas_session*', origin: `${betas}/betas_session01.hdf5 (or .nii.gz)` },
    { name: 'ncsnr*.nii.gz', origin: `${betas}/ncsnr.nii.gz`, optional: true },
    { name: 'roi/*.nii.gz', origin: `${ppdata}/func1pt8mm/roi/nsdgeneral.nii.gz`, optional: true },
    { name: 'responses.tsv', origin: `${ppdata}/behav/responses.tsv`, optional: true },
    {
      name: 'design_session*_run*.tsv',
      origin: `${bucket}/nsddata_timeseries/ppdata/SUBJECT/func1pt8mm/design/`,
      optional: true,
    },
  ],
  async ingest(file, kit, names) {
    const [tables, arrays, warnings]: [Table[], DataArray[], string[]] = [[], [], []];
    for (const name of names) {
      const made = name.endsWith('.hdf5')
        ? await fromHdf5(file(name), name, kit)
        : name.endsWith('.nii.gz')
          ? await nifti.read(file(name), {}, kit)
          : undefined;
      if (!made) continue;
      const isBetas = name.startsWith('betas_');
      arrays.push(
        ...made.arrays.map((array) => ({
          ...array,
          axes: isBetas
            ? array.axes.map((axis) => (axis === 'volume' || axis === 'time' ? 'trial' : axis))
            : array.axes,
          unit: isBetas && /^[iu]/.test(array.dtype) ? unit : isBetas ? '% signal change' : array.unit,
        })),
      );
      warnings.push(...made.warnings);
    }
    if (names.includes('responses.tsv')) {
      await loadTable('behaviour', file('responses.tsv'), { header: true, separator: '\t' }, kit);
      tables.push(
        await kit.duck.table('SELECT * FROM behaviour', {
          name: 'behaviour',
          description: 'One row a trial, in the order of the trials',
        }),
      );
    }
    const designs = names.filter((name) => name.startsWith('design_'));
    if (designs.length > 0) tables.push(await designOf(designs, file, kit));
    return { tables, arrays, warnings };
  },
};

/** The array of betas of an HDF5 file, in parts. */
const fromHdf5 = (place: string, name: string, kit: FormatKit) =>
  readContainer(openContainer(place, kit.signal), {}, kit, async (collect) => {
    for (const node of collect.tree.container.nodes) {
      const axes =
        node.kind === 'array' && { 4: ['trial', 'z', 'y', 'x'], 2: ['trial', 'vertex'] }[node.shape?.length ?? 0];
      if (axes) await collect.array(node, name.replace(/\.hdf5$/, ''), { axes });
    }
    if (collect.arrays.length === 0 && collect.warnings.length === 0)
      collect.warnings.push(`${name} has no array of trials by voxels.`);
    return { shape: 'tables' };
  });

/** Which image was shown at each volume of each run: 0 is none. */
async function designOf(names: string[], file: (name: string) => string, kit: FormatKit): Promise<Table> {
  const parts: string[] = [];
  for (const [i, name] of names.entries()) {
    const [, session, run] = /^design_session(\d+)_run(\d+)/.exec(name) ?? ['', '0', '0'];
    await loadTable(`design_${i}`, file(name), { header: false, types: 'text' }, kit);
    const [{ name: column }] = await kit.duck.columns(`design_${i}`);
    parts.push(
      `SELECT ${Number(session)} AS session, ${Number(run)} AS run, (row_number() OVER () - 1)::INTEGER AS volume, "${column}"::INTEGER AS image FROM design_${i}`,
    );
  }
  return kit.duck.table(`SELECT * FROM (${parts.join(' UNION ALL ')}) ORDER BY session, run, volume`, {
    name: 'design',
    description: 'Image at each volume of a run, counted from 1; 0: none began there',
  });
}
