import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier, literal } from '@bregma/readers/sql-text';
import { readTextTable } from '../read/load-table.ts';
import { readSssomHeader, type SssomHeader } from '../read/mapping/sssom-header.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Slots that a header says for each row that has none of its own (SSSOM 1.1, "propagatable slots"). */
const propagated = [
  'cardinality_scope',
  'mapping_date',
  'mapping_provider',
  'mapping_tool',
  'mapping_tool_id',
  'mapping_tool_version',
  'object_match_field',
  'object_preprocessing',
  'object_source',
  'object_source_version',
  'object_type',
  'predicate_type',
  'similarity_measure',
  'subject_match_field',
  'subject_preprocessing',
  'subject_source',
  'subject_source_version',
  'subject_type',
]; // prettier-ignore
/** Prefixes that no file needs to declare (SSSOM, "built-in prefixes"). */
const builtIn = ['owl', 'rdf', 'rdfs', 'semapv', 'skos', 'sssom', 'xsd', 'linkml'];
const numbers = ['confidence', 'similarity_score', 'semantic_similarity_score'];

/** Mapping sets: which id of one source means which of another, and how much so. */
export const sssom: FileFormat = {
  name: 'sssom',
  title: 'Mapping set (SSSOM/TSV)',
  extensions: ['.sssom.tsv'],
  options: [],
  async read(file, _, kit) {
    const name = path.basename(file);
    const header = readSssomHeader(file, name);
    const { warnings } = await loadMappings(file, name, header, kit);
    const { said, prefixes } = header;
    const mappings = await kit.duck.table('SELECT * FROM mappings', {
      name: 'mappings',
      description:
        'A mapping each: what the subject is to the object (SSSOM). Several values in one cell are parted by |.',
      columns: { confidence: { description: 'how sure its maker is, 0 to 1; NULL where nobody said' } },
    });
    return {
      shape: 'tables',
      tables: [mappings, ...(await storePrefixes(prefixes, kit))],
      arrays: [],
      warnings: [...warnings, ...(said.license ? [] : ['It does not say its licence. Option: licence.'])],
      card: cardOf(said, mappings.rows),
    };
  },
};

function cardOf(said: SssomHeader['said'], rows: number) {
  const id = said.mapping_set_id;
  const version = said.mapping_set_version ? `, version ${said.mapping_set_version}` : '';
  return {
    modality: 'mapping set',
    kind: 'derived' as const,
    title: said.mapping_set_title ?? id,
    description: `${said.mapping_set_description ?? 'Mapping set'}${version}: ${rows} mappings.`,
    ...(said.license ? { licence: said.license } : {}),
    ...(id ? { cite: [`${id}${version}`] } : {}),
  };
}

/** The rows as the table `mappings` of the kit's database: characters as they are, and numbers where SSSOM has numbers. */
async function loadMappings(file: string, name: string, header: SssomHeader, kit: FormatKit) {
  const range = `${header.lines + 1}:`;
  const typed = await readTextTable(file, { separator: '\t', types: 'text', missing: [''], header: true, range }, kit);
  const columns = Object.keys(typed.columns);
  checkSlots(columns, name);
  const whole = (column: string) =>
    numbers.includes(column)
      ? `try_cast(${identifier(column)} AS DOUBLE) AS ${identifier(column)}`
      : identifier(column);
  const added = propagated.filter((slot) => !columns.includes(slot) && header.said[slot]);
  await kit.duck.run(`CREATE OR REPLACE TABLE written AS ${typed.query}`);
  await checkRows(columns, name, header, kit);
  await kit.duck.run(
    `CREATE OR REPLACE TABLE mappings AS SELECT ${[...columns.map(whole), ...added.map((slot) => `${literal(header.said[slot])} AS ${slot}`)].join(', ')} FROM written`,
  );
  return { warnings: await doubtsOf(columns, header, kit) };
}

function checkSlots(columns: string[], name: string): void {
  const lacking = ['subject_id', 'predicate_id', 'object_id'].filter((slot) => !columns.includes(slot));
  if (lacking.length === 0) return;
  throw new BregmaError('bad-input', `${name} is no mapping set: it lacks ${lacking.join(', ')}.`, {
    next: `Its columns: ${columns.slice(0, 30).join(', ')}. A table that is none is added with format: csv.`,
  });
}

/** Throws `bad-input` at the first row that says nothing, or is surer than sure. */
async function checkRows(columns: string[], name: string, { lines }: SssomHeader, kit: FormatKit): Promise<void> {
  const rules: [sql: string, what: string][] = [
    // A literal is meant by its label (SSSOM 1.0, "literal mappings").
    [`coalesce(subject_id${columns.includes('subject_label') ? ', subject_label' : ''}) IS NULL`, 'names no subject'],
    ['predicate_id IS NULL', 'has no predicate'],
    [`coalesce(object_id${columns.includes('object_label') ? ', object_label' : ''}) IS NULL`, 'names no object'],
    ...numbers
      .filter((slot) => columns.includes(slot))
      .map((slot): [string, string] => [
        `${slot} IS NOT NULL AND coalesce(try_cast(${slot} AS DOUBLE) NOT BETWEEN 0 AND 1, true)`,
        `has a ${slot} that is no number from 0 to 1`,
      ]),
  ];
  for (const [sql, what] of rules) {
    const [first] = await kit.duck.rows(
      `SELECT rowid::INTEGER AS row FROM written WHERE ${sql} ORDER BY rowid LIMIT 1`,
    );
    if (first)
      throw new BregmaError(
        'bad-input',
        `Mapping ${Number(first.row) + 1} of ${name}, below ${lines} lines of header, ${what}.`,
        {
          next: 'Mend that row, or leave it out.',
        },
      );
  }
}

/** What of a set is doubtful: prefixes that nobody declared, mappings of which nobody says how they were made, and denials. */
async function doubtsOf(columns: string[], { prefixes, lines }: SssomHeader, kit: FormatKit): Promise<string[]> {
  const known = [...Object.keys(prefixes), ...builtIn].map(literal).join(', ');
  const ids = ['subject_id', 'predicate_id', 'object_id'].map((slot) => `SELECT ${slot} AS id FROM mappings`);
  const strange = await kit.duck.rows(
    `SELECT DISTINCT regexp_extract(id, '^([^:/]+):', 1) AS prefix FROM (${ids.join(' UNION ALL ')}) WHERE id NOT LIKE '%://%' AND regexp_extract(id, '^([^:/]+):', 1) NOT IN ('', ${known}) ORDER BY 1 LIMIT 20`,
  );
  const [{ denied }] = columns.includes('predicate_modifier')
    ? await kit.duck.rows("SELECT count(*)::INTEGER AS denied FROM mappings WHERE predicate_modifier = 'Not'")
    : [{ denied: 0 }];
  return [
    ...(lines === 0 ? ['It has no header: version, source and prefixes are not stated.'] : []),
    ...(strange.length > 0
      ? [
          `No line of its header says what ${strange.map(({ prefix }) => prefix).join(', ')} stand${strange.length > 1 ? '' : 's'} for.`,
        ]
      : []),
    ...(columns.includes('mapping_justification')
      ? []
      : ['It does not say how its mappings were made (mapping_justification).']),
    ...(Number(denied) > 0
      ? [`${denied} mappings say what is not so (predicate_modifier Not): join_data matches by none of them.`]
      : []),
  ];
}

async function storePrefixes(prefixes: Record<string, string>, kit: FormatKit): Promise<Table[]> {
  const entries = Object.entries(prefixes);
  if (entries.length === 0) return [];
  await kit.duck.make('prefixes', { prefix: entries.map(([prefix]) => prefix), iri: entries.map(([, iri]) => iri) });
  return [
    await kit.duck.table('SELECT * FROM prefixes', {
      name: 'prefixes',
      description: 'What prefixes of ids stand for.',
    }),
  ];
}
