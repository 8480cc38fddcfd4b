import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { memberOf } from '@bregma/core/members';
import { identifier, literal } from '@bregma/readers/sql-text';
import { type Sidecar, sidecarOf } from '../read/bids/sidecar.ts';
import { loadTable } from '../read/load-table.ts';
import { readRegular } from '../read/regular-file.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Most bytes of a file of metadata, and most tables of one folder. */
const largestJson = 2e7;
const mostTables = 20_000;

/** Tables of BIDS by the ending of their names; those of one ending are one table, with the entities of each file as columns. */
const suffixes = [
  'participants',
  'sessions',
  'scans',
  'events',
  'beh',
  'channels',
  'electrodes',
  'blood',
  // Of derivatives: confounds of preprocessing (fMRIPrep, xcp_d).
  'timeseries',
  'regressors',
  'motion',
];
/** Folders that are not of the data set itself (BIDS, "Common principles"). */
const besides = /^(derivatives|sourcedata|code|stimuli|phenotype)[\\/]/;

/** A BIDS folder: its tables, joined over subjects, sessions, tasks and runs, with the units and levels of their sidecars. */
export const bids: FileFormat = {
  name: 'bids',
  title: 'BIDS folders',
  extensions: [],
  options: [],
  isFolder: (names) => names.includes('dataset_description.json'),
  async read(folder, _options, kit) {
    const description = sidecarOf(
      readRegular(path.join(folder, 'dataset_description.json'), largestJson),
      'dataset_description.json',
    );
    const all = tsvFiles(folder);
    if (all.length === 0)
      throw new BregmaError('bad-input', `${path.basename(folder)} has no table of BIDS in it.`, {
        next: `It is looked for ${suffixes.map((one) => `*_${one}.tsv`).join(', ')}; images are added file by file.`,
      });
    const tables: Table[] = [];
    const levels: [table: string, column: string, level: string, meaning: string][] = [];
    const warnings = leftOut(folder);
    for (const suffix of suffixes) {
      const files = all.filter((file) => suffixOf(file) === suffix);
      if (files.length === 0) continue;
      const sidecars = files.map((file) => sidecarsOf(folder, file));
      const { table, said } = await joined(folder, suffix, files, sidecars, kit);
      tables.push(table);
      warnings.push(...said);
      levels.push(...levelsOf(suffix, sidecars));
    }
    if (levels.length > 0) tables.push(await levelTable(levels, kit));
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    return {
      shape: 'tables',
      tables,
      arrays: [],
      warnings,
      card: {
        modality: 'experiment (BIDS)',
        ...(text(description.Name) ? { title: text(description.Name) } : {}),
        ...(text(description.License) ? { licence: text(description.License) } : {}),
        ...(text(description.DatasetDOI) ? { doi: text(description.DatasetDOI) } : {}),
        ...(text(description.HowToAcknowledge) ? { cite: [String(description.HowToAcknowledge)] } : {}),
      },
    };
  },
};

const suffixOf = (file: string) => path.basename(file, '.tsv').split('_').at(-1) ?? '';

/** Tables below a folder, relative to it, sorted; links are not followed. */
function tsvFiles(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tsv') && suffixes.includes(suffixOf(entry.name)))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    // What others made of the data would repeat its rows: each such folder is a data set of its own.
    .filter((file) => !besides.test(file))
    .sort();
  if (found.length > mostTables)
    throw new BregmaError('too-large', `${path.basename(folder)} has ${found.length} tables; ${mostTables} are read.`, {
      next: 'Add the folder of each subject by itself.',
    });
  return found;
}

/** What is not read, in words: tables of other folders, and of kinds that are not known. */
function leftOut(folder: string): string[] {
  const counts = new Map<string, number>();
  const said: [place: RegExp, next: string][] = [
    [/^derivatives[\\/][^\\/]+/, 'what others made of these data; add that folder by itself'],
    [/^(sourcedata|code|stimuli|phenotype)(?=[\\/])/, 'which are not read with the data set; add them by themselves'],
  ];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.tsv(\.gz)?$/.test(entry.name)) continue;
    const file = path.relative(folder, path.join(entry.parentPath, entry.name));
    const other = said.flatMap(([place, next]) => {
      const found = place.exec(file);
      return found ? [`${found[0].replaceAll('\\', '/')} holds # tables, ${next}.`] : [];
    });
    const suffix =
      entry.name
        .replace(/\.tsv(\.gz)?$/, '')
        .split('_')
        .at(-1) ?? '';
    const isRead = entry.name.endsWith('.tsv') && suffixes.includes(suffix);
    const text =
      other[0] ??
      (isRead
        ? undefined
        : `*_${entry.name.slice(entry.name.lastIndexOf('_') + 1)} (#) is of no kind that is read with the others: add each by itself.`);
    if (text) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => text.replace('#', String(count)).replace(' 1 tables,', ' 1 table,'));
}

/** Entities of a file's name: sub-01_task-x_run-2_events.tsv has sub 01, task x, run 2 (BIDS, "Filenames"). */
const entitiesOf = (file: string): Record<string, string> =>
  Object.fromEntries(
    path
      .basename(file, '.tsv')
      .split('_')
      .flatMap((part) =>
        /^[A-Za-z0-9]+-/.test(part) ? [[part.slice(0, part.indexOf('-')), part.slice(part.indexOf('-') + 1)]] : [],
      ),
  );

/** The sidecars that hold for a file: in its folder and those above, with no entity that the file has not; the nearest wins (BIDS, "The Inheritance Principle"). */
function sidecarsOf(folder: string, file: string): Sidecar {
  const own = entitiesOf(file);
  const suffix = suffixOf(file);
  const parts = path
    .dirname(file)
    .split(path.sep)
    .filter((part) => part !== '.');
  const merged: Sidecar = {};
  for (let depth = 0; depth <= parts.length; depth++) {
    const place = path.join(folder, ...parts.slice(0, depth));
    const fitting = readdirSync(place)
      .filter((name) => name.endsWith('.json') && path.basename(name, '.json').split('_').at(-1) === suffix)
      .filter((name) =>
        Object.entries(entitiesOf(`${name.slice(0, -5)}.tsv`)).every(([entity, value]) => own[entity] === value),
      )
      .sort((a, b) => a.length - b.length);
    for (const name of fitting)
      Object.assign(merged, sidecarOf(readRegular(path.join(place, name), largestJson), name));
  }
  return merged;
}

/** All tables of one suffix as one, rows in the order of their files; a column that a file has not is missing there. */
async function joined(folder: string, suffix: string, files: string[], sidecars: Sidecar[], kit: FormatKit) {
  const entities = [...new Set(files.flatMap((file) => Object.keys(entitiesOf(file))))];
  const said: string[] = [];
  const parts: string[] = [];
  for (const [i, file] of files.entries()) {
    kit.progress(i, files.length, file);
    const name = `part${i}`;
    const options = parseTableOptions({
      separator: '\t',
      missing: ['n/a'],
      ...(files.length > 1 ? { types: 'text' } : {}),
    });
    const { columns, warnings } = await loadTable(name, path.join(folder, file), options, kit);
    said.push(...warnings.map((one) => `${file}: ${one}`));
    const own = entitiesOf(file);
    const named = entities
      .filter((entity) => !columns.some((column) => column.toLowerCase() === entity.toLowerCase()))
      .map((entity) => `${entity in own ? literal(own[entity]) : 'NULL'}::VARCHAR AS ${identifier(entity)}`);
    parts.push(`SELECT ${[...named, '*'].join(', ')} FROM ${name}`);
  }
  const union = parts.join(' UNION ALL BY NAME ');
  const columns = await kit.duck.columns(`(${union})`);
  const query =
    files.length > 1
      ? `SELECT ${await typed(
          union,
          columns.map(({ name }) => name),
          entities,
          kit,
        )} FROM (${union})`
      : union;
  const meanings: Sidecar = Object.assign({}, ...sidecars);
  const described = Object.fromEntries(
    columns.flatMap(({ name }) => {
      const said = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
      const [Units, Description, LongName] = ['Units', 'Description', 'LongName'].map((name) => memberOf(said, name));
      const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
      return [
        [name, { unit: text(Units) ?? unitsOfBids[suffix]?.[name], description: text(Description) ?? text(LongName) }],
      ];
    }),
  );
  const table = await kit.duck.table(query, {
    name: suffix,
    description: `${files.length} files *_${suffix}.tsv.`,
    columns: described,
  });
  for (const [i] of files.entries()) await kit.duck.run(`DROP TABLE part${i}`);
  return { table, said };
}

/** Columns of text as the narrowest type that every value of all files survives: whole numbers and numbers; entities stay text. */
async function typed(query: string, names: string[], entities: string[], kit: FormatKit): Promise<string> {
  const columns: string[] = [];
  for (const name of names) {
    const column = identifier(name);
    const survives = async (type: string, pattern: string) => {
      const [{ wrong }] = await kit.duck.rows(
        `SELECT count(*)::INTEGER AS wrong FROM (${query}) WHERE ${column} IS NOT NULL AND (NOT regexp_full_match(${column}, ${literal(pattern)}) OR TRY_CAST(${column} AS ${type}) IS NULL)`,
      );
      return Number(wrong) === 0;
    };
    if (entities.includes(name)) columns.push(column);
    else if (await survives('BIGINT', '-?(0|[1-9][0-9]{0,14})')) columns.push(`${column}::BIGINT AS ${column}`);
    else if (await survives('DOUBLE', '[+-]?([0-9]{1,17}(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?'))
      columns.push(`${column}::DOUBLE AS ${column}`);
    else columns.push(column);
  }
  return columns.join(', ');
}

/** Units that the standard fixes (BIDS, "Task events"). */
const unitsOfBids: Record<string, Record<string, string>> = {
  events: { onset: 's', duration: 's', response_time: 's' },
};

function levelsOf(table: string, sidecars: Sidecar[]): [string, string, string, string][] {
  const found = new Map<string, [string, string, string, string]>();
  for (const sidecar of sidecars)
    for (const [column, said] of Object.entries(sidecar)) {
      const levels = typeof said === 'object' && said !== null && 'Levels' in said ? said.Levels : undefined;
      if (typeof levels !== 'object' || levels === null) continue;
      for (const [level, meaning] of Object.entries(levels)) {
        const words =
          typeof meaning === 'object' && meaning !== null && 'Description' in meaning
            ? String(meaning.Description)
            : String(meaning);
        found.set(`${column}\0${level}`, [table, column, level, words]);
      }
    }
  return [...found.values()];
}

async function levelTable(levels: string[][], kit: FormatKit): Promise<Table> {
  const names = ['table', 'column', 'level', 'description'];
  await kit.duck.make('levels', Object.fromEntries(names.map((name, k) => [name, levels.map((row) => row[k])])));
  return kit.duck.table('SELECT * FROM levels', {
    name: 'levels',
    description: 'What the levels of columns mean, as the sidecars say.',
  });
}
