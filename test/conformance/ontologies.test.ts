import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseOboGraph } from '../../mcp-servers/atlas/src/read/ontology/obo-graph.ts';
import { parseObo } from '../../mcp-servers/atlas/src/read/ontology/obo-text.ts';
import { type Connection, connect, root, temporaryWorkspace } from '../fixtures/client.ts';
import { smallGraph, smallObo, smallSssom } from '../fixtures/ontology.ts';

const space = temporaryWorkspace();
const write = (name: string, text: string) => writeFileSync(path.join(space.folder, name), text);
let atlas: Connection;
beforeAll(async () => {
  write('small.obo', smallObo);
  write('graph.json', JSON.stringify(smallGraph));
  write('flies.sssom.tsv', smallSssom);
  write('cells.csv', 'called,cells\nnerve cell,3\nGABAergic neuron,5\nbasket cell,2\ninhibitory neuron,7\nNeuron,1\n');
  write('ids.csv', 'term,area\nCL:0000540,brain\nCL:0000617,cortex\n');
  write('flytypes.csv', 'type,n\nFBbt:00005106,4\nFBbt:00007228,6\nFBbt:00005123,8\n');
  atlas = await connect('atlas', space.folder);
  for (const source of ['small.obo', 'graph.json', 'flies.sssom.tsv', 'cells.csv', 'ids.csv', 'flytypes.csv'])
    await atlas.call('add_data', { source });
});
afterAll(async () => {
  await atlas.close();
  space.remove();
});

const rowsOf = async (sql: string) => (await atlas.call('query_data', { sql })).value.rows;
const joined = { left: 'cells.cells.called', right: 'ids.ids.term', mapping: 'small.names' };

test('an ontology says its version and licence, and its terms keep escapes and lose comments and qualifiers', async () => {
  const { card } = (await atlas.call('describe_data', { data: 'small' })).value;
  expect(card).toMatchObject({
    title: 'Small Ontology',
    licence: 'https://creativecommons.org/licenses/by/4.0/',
    description: expect.stringContaining('version releases/2024-01-04'),
  });
  expect(await rowsOf('SELECT id, name, definition, obsolete, replaced_by FROM small.terms')).toEqual([
    ['CL:0000540', 'neuron', 'A cell that is "excitable"\nand has an axon.', false, null],
    ['CL:0000393', 'electrically responsive cell', null, false, null],
    ['CL:0000617', 'GABAergic neuron', null, false, null],
    ['CL:0000111', 'obsolete peripheral neuron', null, true, 'CL:0000540'],
  ]);
  expect(await rowsOf('SELECT * FROM small.relations')).toEqual([
    ['CL:0000540', 'is_a', 'CL:0000393'],
    ['CL:0000617', 'is_a', 'CL:0000540'],
    ['CL:0000617', 'part_of', 'UBERON:0000955'],
    ['CL:0000617', 'capable_of', 'GO:0061534'],
  ]);
});

test('a broad synonym is broader than its term, a narrow one narrower, and no name means an obsolete term', async () => {
  expect(
    await rowsOf("SELECT subject_id, predicate_id, object_id FROM small.names WHERE object_id <> 'CL:0000393'"),
  ).toEqual([
    ['neuron', 'exactMatch', 'CL:0000540'],
    ['nerve cell', 'exactMatch', 'CL:0000540'],
    ['neural cell', 'relatedMatch', 'CL:0000540'],
    ['CL:0000666', 'exactMatch', 'CL:0000540'],
    ['FMA:54527', 'hasDbXref', 'CL:0000540'],
    ['GABAergic neuron', 'exactMatch', 'CL:0000617'],
    ['inhibitory neuron', 'narrowMatch', 'CL:0000617'],
    ['GABA-ergic neuron', 'exactMatch', 'CL:0000617'],
    ['basket cell', 'broadMatch', 'CL:0000617'],
    ['obsolete peripheral neuron', 'obsolete', 'CL:0000111'],
    ['nerve cell', 'obsolete', 'CL:0000111'],
    ['CL:0000111', 'replaced_by', 'CL:0000540'],
    ['CL:0000111', 'consider', 'CL:0000617'],
  ]);
});

test('OBO and OBO graphs of one ontology say the same', () => {
  const { terms, version, licence, title } = parseObo(smallObo, 'small.obo');
  expect(parseOboGraph(JSON.stringify(smallGraph), 'graph.json')).toMatchObject({ terms, version, licence, title });
});

test('cells are joined with terms by their exact names alone, and what other names would give is counted', async () => {
  const { value } = await atlas.call('join_data', joined);
  expect(value).toMatchObject({
    matched: 2,
    ambiguous: 0,
    unmatched: 3,
    predicatesNotUsed: { broadMatch: 1, narrowMatch: 1 },
  });
  const wider = await atlas.call('join_data', { ...joined, predicates: ['exactMatch', 'broadMatch'] });
  expect(wider.value).toMatchObject({ matched: 3, unmatched: 2 });
});

test('a mapping set is read with its header, and joins by nothing that it denies', async () => {
  const { card } = (await atlas.call('describe_data', { data: 'flies' })).value;
  expect(card).toMatchObject({ licence: 'https://creativecommons.org/licenses/by/4.0/', modality: 'mapping set' });
  expect(await rowsOf('SELECT subject_label, confidence, subject_source FROM flies.mappings')).toEqual([
    ['neuron', 0.9, 'FBbt'],
    ['GABAergic', 0.6, 'FBbt'],
    ['GABAergic', null, 'FBbt'],
    ['motor "neuron"', 1, 'FBbt'],
  ]);
});

test('flies are joined with terms by a mapping set, and by none of its denials; the wrong way round is told', async () => {
  const sides = { left: 'flytypes.flytypes.type', right: 'ids.ids.term', mapping: 'flies.mappings' };
  const { value, licence } = await atlas.call('join_data', sides);
  expect(value).toMatchObject({ matched: 2, unmatched: 1, predicatesNotUsed: { broadMatch: 1, 'Not exactMatch': 1 } });
  expect(value.hint).toBeUndefined();
  expect(licence).toContain('https://creativecommons.org/licenses/by/4.0/');
  const backwards = await atlas.call('join_data', { ...sides, left: sides.right, right: sides.left });
  expect(backwards.value).toMatchObject({
    matched: 0,
    hint: expect.stringContaining('2 rows on the left are objects'),
  });
});

test('data are found by another exact name of a term, and the answer names the term; no broader name finds them', async () => {
  const found = async (query: string) => (await atlas.call('find_data', { query, limit: 100 })).value;
  await atlas.call('add_data', { source: 'ids.csv', id: 'nerves', options: { title: 'A nerve cell each' } });
  const names = ({ datasets }: { datasets: { dataset: string }[] }) =>
    datasets.map(({ dataset }) => dataset.split('@')[0]);
  const answer = await found('CL:0000540');
  expect(names(answer)).toContain('nerves');
  expect(answer.terms).toContainEqual({ term: 'CL:0000540', ontology: expect.stringMatching(/^(small|graph)@/) });
  expect(names(await found('neural cell'))).not.toContain('nerves');
  expect((await found('nerve cell')).terms?.length ?? 0).toBeLessThan(3);
});

test.each<[string, string, string, RegExp]>([
  [
    'a term without an id',
    'a.obo',
    'format-version: 1.2\n\n[Term]\nname: x\n',
    /Line 3 of a\.obo is a \[Term\] that begins with no id/,
  ],
  ['a synonym without quotes', 'b.obo', '[Term]\nid: X:1\nsynonym: y EXACT []\n', /Line 3 of b\.obo has a synonym/],
  ['a line without a tag', 'c.obo', '[Term]\nid: X:1\nhello\n', /Line 3 of c\.obo has no tag: 'hello'/],
  ['an ontology of no terms', 'd.obo', 'format-version: 1.2\n', /d\.obo has no terms/],
  ['JSON of another kind', 'e.json', '{"rows": [1]}', /e\.json is no OBO graph: graphs/],
  ['a mapping set without objects', 'f.sssom.tsv', 'subject_id\tpredicate_id\na\tskos:exactMatch\n', /lacks object_id/],
  [
    'a confidence above 1',
    'g.sssom.tsv',
    '#license: x\nsubject_id\tpredicate_id\tobject_id\tconfidence\na\tskos:exactMatch\tb\t1\na\tskos:exactMatch\tc\t90\n',
    /Mapping 2 of g\.sssom\.tsv, below 1 lines of header, has a confidence/,
  ],
  [
    'a header that is no YAML',
    'h.sssom.tsv',
    '#a: [\nsubject_id\tpredicate_id\tobject_id\n',
    /header of h\.sssom\.tsv is no YAML/,
  ],
])('%s is refused where it stands', async (_, name, text, message) => {
  write(name, text);
  const error = await atlas.fail('add_data', { source: name });
  expect([error.message, error.next]).toEqual([expect.stringMatching(message), expect.any(String)]);
});

test('pronto reads the same terms, names and parents', () => {
  const python = process.env.BREGMA_REFERENCE_PYTHON;
  if (!python || spawnSync(python, ['-c', 'import pronto']).status !== 0)
    return console.log('Skipped without pronto in BREGMA_REFERENCE_PYTHON: ontologies.');
  const script = path.join(root, 'test/reference/obo_terms.py');
  const theirs = JSON.parse(execFileSync(python, [script, path.join(space.folder, 'small.obo')], { encoding: 'utf8' }));
  for (const term of parseObo(smallObo, 'small.obo').terms)
    expect(theirs[term.id]).toEqual({
      name: term.name,
      definition: term.definition ?? null,
      obsolete: term.isObsolete,
      replaced_by: term.replacedBy,
      synonyms: term.synonyms.map(({ text, scope }) => [text, scope]).sort(),
      alternates: term.alternateIds,
      parents: term.relations.filter(({ predicate }) => predicate === 'is_a').map(({ object }) => object),
    });
  expect(Object.keys(theirs)).toHaveLength(4);
});
