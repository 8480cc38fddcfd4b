import type { Page } from '@bregma/core/mcp/listed-pages';

/** Ontologies of which terms are used, with their licences. */
const ontologies = {
  NCBITaxon: { name: 'NCBI Taxonomy', licence: 'public domain', source: 'https://www.ncbi.nlm.nih.gov/taxonomy' },
  UBERON: { name: 'Uberon', licence: 'CC BY 3.0', source: 'https://obofoundry.org/ontology/uberon.html' },
  CL: { name: 'Cell Ontology', licence: 'CC BY 4.0', source: 'https://obofoundry.org/ontology/cl.html' },
} as const;

/** A term with its label and what else the field calls it: whoever asks for one of these is shown what has another. */
export interface OntologyTerm {
  id: `${keyof typeof ontologies}:${string}`;
  /** The label of the ontology first. */
  names: string[];
}

export const ontologyTerms: OntologyTerm[] = [
  { id: 'NCBITaxon:9606', names: ['homo sapiens', 'human'] },
  { id: 'NCBITaxon:9544', names: ['macaca mulatta', 'rhesus macaque'] },
  { id: 'NCBITaxon:9483', names: ['callithrix jacchus', 'common marmoset'] },
  { id: 'NCBITaxon:10090', names: ['mus musculus', 'house mouse'] },
  { id: 'NCBITaxon:10116', names: ['rattus norvegicus', 'brown rat'] },
  { id: 'NCBITaxon:7955', names: ['danio rerio', 'zebrafish'] },
  { id: 'NCBITaxon:7227', names: ['drosophila melanogaster', 'fruit fly'] },
  { id: 'NCBITaxon:6239', names: ['caenorhabditis elegans'] },
  { id: 'UBERON:0002436', names: ['primary visual cortex', 'v1', 'visp', 'striate cortex'] },
  { id: 'UBERON:0000956', names: ['cerebral cortex', 'cortex', 'isocortex', 'neocortex'] },
  { id: 'UBERON:0002421', names: ['hippocampal formation', 'hippocampus'] },
  { id: 'UBERON:0001897', names: ['dorsal plus ventral thalamus', 'thalamus'] },
  { id: 'UBERON:0002435', names: ['striatum', 'caudoputamen'] },
  { id: 'UBERON:0002037', names: ['cerebellum'] },
  { id: 'UBERON:0000955', names: ['brain'] },
  { id: 'CL:4023018', names: ['pvalb gabaergic interneuron', 'pvalb', 'parvalbumin'] },
  { id: 'CL:4023017', names: ['sst gabaergic interneuron', 'sst', 'somatostatin'] },
  { id: 'CL:4023016', names: ['vip gabaergic interneuron', 'vip'] },
  { id: 'CL:0000679', names: ['glutamatergic neuron', 'glutamatergic'] },
  { id: 'CL:0000617', names: ['gabaergic neuron', 'gabaergic'] },
  { id: 'CL:0000100', names: ['motor neuron', 'motor neurons', 'motoneuron', 'motoneurons'] },
];

/** Which terms there are, and under which licence each ontology stands. */
export const ontologyPage: Page = {
  uri: 'bregma://document/ontology-terms',
  title: 'Terms of ontologies by which find_data finds',
  text: () =>
    [
      '# Terms of ontologies by which find_data finds',
      '',
      'A term is found by its id, its label and its other names. It is a small choice, made by hand; an ontology knows many more.',
      '',
      ...Object.entries(ontologies).map(
        ([prefix, { name, licence, source }]) => `- ${prefix}: ${name}, ${licence}, ${source}`,
      ),
      '',
      '| id | label | also |',
      '|---|---|---|',
      ...ontologyTerms.map(({ id, names: [label, ...also] }) => `| ${id} | ${label} | ${also.join(', ')} |`),
      '',
    ].join('\n'),
};
