import { ontologyTerms } from './ontology-terms.ts';

/**
 * Words that people use for one thing: a card that has one of a group is found by all of them. Organisms by their common and
 * Latin names (NCBI Taxonomy), regions and methods by what the field calls them. `also` holds wider terms: who asks for a
 * primate is shown a macaque, who asks for a macaque is not shown every primate.
 */
interface Group {
  same: string[];
  also?: string[];
}

const groups: Group[] = [
  ...ontologyTerms.map(({ id, names }) => ({ same: [id, ...names] })),
  {
    same: ['macaque', 'macaques', 'rhesus', 'macaca', 'macaca mulatta', 'macaca fascicularis'],
    also: ['monkey', 'monkeys', 'primate', 'primates', 'non-human primate', 'nhp', 'mammal'],
  },
  {
    same: ['marmoset', 'marmosets', 'callithrix', 'callithrix jacchus'],
    also: ['monkey', 'primate', 'primates', 'nhp', 'mammal'],
  },
  { same: ['human', 'humans', 'homo sapiens', 'people', 'participants'], also: ['primate', 'primates', 'mammal'] },
  { same: ['mouse', 'mice', 'murine', 'mus musculus'], also: ['rodent', 'rodents', 'mammal'] },
  { same: ['rat', 'rats', 'rattus', 'rattus norvegicus'], also: ['rodent', 'rodents', 'mammal'] },
  { same: ['zebrafish', 'danio rerio', 'danio'], also: ['fish', 'larval fish'] },
  {
    same: ['drosophila', 'fly', 'flies', 'fruit fly', 'fruit flies', 'drosophila melanogaster', 'flywire'],
    also: ['insect', 'insects'],
  },
  { same: ['drosophila larva', 'larva', 'larvae', 'larval', 'maggot'] },
  {
    same: ['c. elegans', 'c elegans', 'celegans', 'caenorhabditis', 'caenorhabditis elegans', 'worm', 'worms'],
    also: ['nematode', 'nematodes', 'roundworm'],
  },
  { same: ['v1', 'primary visual cortex', 'striate cortex', 'visp', 'area 17'], also: ['visual cortex', 'vision'] },
  { same: ['v4', 'area v4', 'visual area v4'], also: ['visual cortex', 'extrastriate', 'ventral stream', 'vision'] },
  { same: ['optic lobe', 'optic lobes', 'medulla', 'lobula'], also: ['visual system', 'vision', 'visual'] },
  { same: ['hippocampus', 'hippocampal', 'hippocampal formation', 'ca1', 'ca3', 'dentate gyrus'] },
  { same: ['cerebellum', 'cerebellar'] },
  { same: ['thalamus', 'thalamic'] },
  { same: ['striatum', 'striatal', 'caudoputamen', 'caudate', 'putamen'], also: ['basal ganglia'] },
  { same: ['mushroom body', 'mushroom bodies', 'kenyon cells'] },
  { same: ['cortex', 'cortical', 'isocortex', 'neocortex'] },
  {
    same: ['electrophysiology', 'ephys', 'utah array', 'neuropixels', 'single unit', 'single units', 'extracellular'],
    also: ['spikes', 'spiking', 'recording', 'recordings', 'neural responses'],
  },
  {
    same: ['calcium imaging', 'two-photon', '2-photon', '2p', 'gcamp'],
    also: ['imaging', 'recording', 'recordings', 'neural responses'],
  },
  { same: ['optogenetic', 'optogenetics'], also: ['stimulation', 'perturbation', 'perturbations', 'causal'] },
  {
    same: ['connectome', 'connectomes', 'connectomics', 'wiring', 'wiring diagram'],
    also: ['synapse', 'synapses', 'connectivity', 'connections', 'circuit'],
  },
  { same: ['electron microscopy', 'em'] },
  {
    same: ['transcriptomics', 'transcriptomic', 'rna-seq', 'scrna-seq', 'rnaseq', 'gene expression', 'transcriptome'],
    also: ['genes', 'sequencing'],
  },
  { same: ['taxonomy', 'cell types', 'cell type', 'cell-type'] },
  {
    same: ['reference atlas', 'brain atlas', 'ccf', 'ccfv3', 'common coordinate framework'],
    also: ['atlas', 'regions'],
  },
  { same: ['gap junction', 'gap junctions', 'electrical synapse', 'electrical synapses'] },
  // Genes by their symbols (HGNC, MGI), the protein, and the cells that are named after it.
  { same: ['pvalb', 'parvalbumin', 'pv', 'pv interneuron'], also: ['interneuron', 'inhibitory', 'gabaergic', 'gene'] },
  { same: ['sst', 'somatostatin'], also: ['interneuron', 'inhibitory', 'gabaergic', 'gene'] },
  { same: ['vip', 'vasoactive intestinal peptide'], also: ['interneuron', 'inhibitory', 'gabaergic', 'gene'] },
  { same: ['slc17a7', 'vglut1', 'slc17a6', 'vglut2', 'glutamatergic', 'glut'], also: ['excitatory', 'gene'] },
  { same: ['gad1', 'gad2', 'gad67', 'gad65', 'slc32a1', 'vgat', 'gabaergic', 'gaba'], also: ['inhibitory', 'gene'] },
  { same: ['htr1a', '5ht1a', '5 ht1a', 'serotonin receptor 1a'], also: ['serotonin', 'receptor', 'gene'] },
  { same: ['htr2a', '5ht2a', '5 ht2a', 'serotonin receptor 2a'], also: ['serotonin', 'receptor', 'gene'] },
  { same: ['slc6a4', '5htt', 'sert', 'serotonin transporter'], also: ['serotonin', 'gene'] },
  { same: ['drd1', 'd1', 'd1r', 'dopamine receptor d1'], also: ['dopamine', 'receptor', 'gene'] },
  { same: ['drd2', 'd2', 'd2r', 'dopamine receptor d2'], also: ['dopamine', 'receptor', 'gene'] },
  { same: ['slc6a3', 'dat', 'dopamine transporter'], also: ['dopamine', 'gene'] },
  { same: ['oprm1', 'mor', 'mu opioid receptor', 'µ opioid receptor'], also: ['opioid', 'receptor', 'gene'] },
  { same: ['cnr1', 'cb1', 'cannabinoid receptor 1'], also: ['receptor', 'gene'] },
  { same: ['grm5', 'mglur5'], also: ['glutamate', 'receptor', 'gene'] },
  { same: ['tectum', 'optic tectum', 'superior colliculus'], also: ['midbrain', 'visual system'] },
  { same: ['nerve ring', 'nerve-ring'], also: ['brain'] },
  { same: ['neuropeptide', 'neuropeptides', 'peptide', 'peptides', 'neuromodulation'] },
];

/** Words between single blanks, lower case: "C. elegans" → " c elegans ". */
export const plain = (text: string) =>
  ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** Words of a question that say nothing of what is sought. */
const empty = new Set([
  'a',
  'an',
  'and',
  'any',
  'data',
  'dataset',
  'datasets',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
]);

/** A text with every name of what it names. */
export function withSameWords(text: string): string {
  const own = plain(text);
  const more = groups
    .filter(({ same }) => same.some((term) => own.includes(plain(term))))
    .flatMap(({ same, also = [] }) => [...same, ...also]);
  return `${own}${more.map(plain).join('')}`;
}

/** Whether every word of a question occurs in a text from `withSameWords`, whole, as a beginning, or (from 4 letters) inside a word. */
export function hasWords(text: string, question = ''): boolean {
  const words = plain(question).trim().split(' ').filter(Boolean);
  const telling = words.filter((word) => !empty.has(word));
  return (telling.length > 0 ? telling : words).every((word) =>
    [word, ...(/[^s]s$/.test(word) && word.length > 3 ? [word.slice(0, -1)] : [])].some((form) =>
      text.includes(form.length >= 4 ? form : ` ${form}`),
    ),
  );
}
