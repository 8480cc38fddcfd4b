import { readFileSync } from 'node:fs';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { loadTable } from '../read/load-table.ts';
import type { DatasetAdapter } from './adapter.ts';
import { standardName } from './celegans.ts';

/** What neurons of the worm do when one of them is stimulated: the training part of the measured responses. */
export const celegansCausal: DatasetAdapter = {
  id: 'celegans-causal-randi2023',
  release: '2024-train',
  shape: 'causal-responses',
  card: {
    title: 'C. elegans: measured responses to stimulation of single neurons (Randi 2023), training part',
    description:
      'Worm: stimulus-triggered average responses of 156 neurons to optogenetic stimulation of each; 7.7 % of the pairs were never measured.',
    species: 'Caenorhabditis elegans',
    modality: 'calcium imaging with targeted optogenetic stimulation',
    kind: 'measured',
    doi: '10.1038/s41586-023-06683-4',
    cite: ['Randi et al. 2023, Nature 623:406', 'Creamer, Leifer & Pillow 2024, bioRxiv 2024.09.22.614271 (split)'],
    licence: 'unclear: the deposits name none; ask before redistributing',
    exposure: 'public',
    notes: [
      'The names of the 156 neurons were recovered by alignment; confident says which are sure (142).',
      'The withheld part of the same split correlates 0.16 with these data over the pairs both have: the repeatability of the measurement.',
    ],
  },
  terms:
    'The licence of these data is unclear: use them for research inside your project, cite both papers, and ask the authors before redistributing.',
  keywords: ['signal propagation', 'functional connectivity', 'whole brain', 'neural responses'],
  files: [
    {
      path: 'celegans-causal-randi2023/stam_train.npy',
      bytes: 194816,
      sha256: 'da0e65b4f4184a1bad4f45fd33ee2c7c3cbfbc38b1e8eb518e246e7963216807',
      origin:
        'converted (numpy, no other change) from Nondairy-Creamer/Creamer_LDS_2024 : quick_start_examples/data/measured_stams.pkl key train, source sha256 20e91dc425cd48efde9b680760aaf9620600d4e598363522820456d715a7a1ef',
    },
    {
      path: 'celegans-causal-randi2023/activity_corr_train.npy',
      bytes: 194816,
      sha256: '802d9942311607bf15c87798f82130425331c05dd8f79c63be52b97dbb5e0361',
      origin:
        'converted from measured_corr.pkl key train, source sha256 ceb25e0ed35ed53d61f188842a4434673da96883d6c40491ea0a840d1d48bf44',
    },
    {
      path: 'celegans-causal-randi2023/neuron_names.csv',
      bytes: 2674,
      sha256: '8c2027841b4e5bdbe77375e03deb6baed6fd01af155305331ad3481f03f180b0',
      origin: 'derived here, see below',
    },
  ],
  async ingest(file, kit) {
    const matrix = (name: string, source: string, description: string) => {
      const array = parseNpy(readFileSync(file(source)), source);
      return {
        name,
        description,
        object: kit.objects.put(writeNpy(array), 'application/x-npy').object,
        dtype: array.dtype,
        shape: array.shape,
        axes: ['responding', 'stimulated'],
      };
    };
    await loadTable('named', file('neuron_names.csv'), { types: { neuron: 'text' }, missing: [''] }, kit);
    const neurons = await kit.duck.table(
      `SELECT neuron AS id, ${standardName('neuron')} AS name, index AS position, margin, confident = 1 AS confident FROM named ORDER BY index`,
      {
        name: 'neurons',
        description: 'Order of both axes of responses',
        columns: { margin: { description: 'how much better this name fits than the next' } },
      },
    );
    return {
      tables: [neurons],
      arrays: [
        {
          ...matrix(
            'responses',
            'stam_train.npy',
            'NaN: the pair was never measured; the diagonal is the stimulated neuron itself',
          ),
          unit: 'stimulus-triggered average, on the scale of the source (not ΔF/F: its values reach 69)',
        },
        {
          ...matrix('activity_correlation', 'activity_corr_train.npy', 'Correlation of activity between neurons'),
          axes: ['neuron', 'neuron'],
        },
      ],
    };
  },
};
