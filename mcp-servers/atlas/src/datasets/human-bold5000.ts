import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Collect } from '../read/container/collect.ts';
import { Tree } from '../read/container/container.ts';
import { openNpyFolder } from '../read/numpy/npy-folder.ts';
import type { DatasetAdapter } from './adapter.ts';

const origin = 'https://bold5000-dataset.github.io/website/download.html (Release 2.0, ROI betas; stimuli)';
const betas = /^(CSI\d)_GLMbetas-([A-Z-]+)_allses_(\w+)\.npy$/;

/** Responses of regions to nearly 5,000 scenes. */
export const humanBold5000: DatasetAdapter = {
  id: 'human-bold5000',
  release: '2.0',
  shape: 'tables',
  parts: 'person, or several',
  card: {
    title: 'BOLD5000 release 2.0: responses of regions of interest to 4,916 images',
    description:
      'Human: single-trial responses (GLMsingle) of the voxels of each region of interest to images of SUN, COCO and ImageNet, and the image of each trial.',
    species: 'Homo sapiens',
    modality: '3T fMRI, natural images',
    kind: 'measured',
    doi: '10.1038/s41597-019-0052-3',
    cite: ['Chang, Pyles et al. 2019, Scientific Data 6:49'],
    licence: 'CC0 (raw data, OpenNeuro ds001499); of release 2.0 as its page states',
    licenceUrl: 'https://bold5000-dataset.github.io/website/terms.html',
    exposure: 'public',
    notes: [
      'An array a person and region, [trial × voxel]; trials holds which image each trial showed, in the same order. repeat counts the trials of one image from 0.',
      'How many sessions a person finished differs (CSI4 has fewer).',
    ],
  },
  keywords: [
    'scenes',
    'natural images',
    'betas',
    'EarlyVis',
    'LOC',
    'OPA',
    'PPA',
    'RSC',
    'visual cortex',
    'COCO',
    'ImageNet',
    'GLMsingle',
  ],
  files: [],
  brought: [
    { name: '*_GLMbetas-*_allses_*.npy', origin },
    { name: '*_imgnames.txt', origin },
  ],
  async ingest(file, kit, names) {
    const warnings: string[] = [];
    const listed = new Map<string, string[]>();
    for (const name of names.filter((one) => one.endsWith('_imgnames.txt'))) {
      const images = readFileSync(file(name), 'utf8')
        .split(/\r?\n/)
        .map((line) => line.trim());
      while (images.at(-1) === '') images.pop();
      listed.set(name.slice(0, -'_imgnames.txt'.length), images);
    }
    const found = names.flatMap((name) => {
      const [, person, , region] = betas.exec(name) ?? [];
      return person ? [{ name, person, region }] : [];
    });
    const [{ name: first }] = found;
    const collect = new Collect(new Tree(openNpyFolder(path.dirname(file(first)))), kit, {});
    for (const { name, person, region } of found) {
      const node = collect.tree.node(`/${name.slice(0, -'.npy'.length)}`);
      if (node?.kind !== 'array' || node.shape?.length !== 2) {
        warnings.push(`${name} was left out: ${node?.target ?? 'it is no array of trials by voxels'}.`);
        continue;
      }
      const images = listed.get(person)?.length;
      if (images !== node.shape[0])
        warnings.push(
          `${name} has ${node.shape[0]} trials, ${images === undefined ? `and ${person}_imgnames.txt is missing` : `${person}_imgnames.txt ${images} images`}: which image a trial showed is not known.`,
        );
      await collect.array(node, `${person}_${region}`, {
        axes: ['trial', 'voxel'],
        description: `Responses of ${person}, region ${region}`,
      });
    }
    const rows = [...listed].flatMap(([person, images]) => images.map((image, trial) => ({ person, image, trial })));
    await kit.duck.make('listed', {
      person: rows.map(({ person }) => person),
      trial: Int32Array.from(rows, ({ trial }) => trial),
      image: rows.map(({ image }) => image),
    });
    const trials = await kit.duck.table(
      'SELECT person, trial, image, (row_number() OVER (PARTITION BY person, image ORDER BY trial) - 1)::INTEGER AS repeat FROM listed ORDER BY person, trial',
      { name: 'trials', description: 'The image of each trial: rows of the arrays of a person' },
    );
    const parts = await collect.finish();
    return { tables: [trials], arrays: parts.arrays, warnings: [...warnings, ...parts.warnings] };
  },
};
