import path from 'node:path';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { groupBy } from '@bregma/core/group-by';
import { identifier, readFileSql } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../formats/format.ts';
import { Collect, stepOf } from '../container/collect.ts';
import { type ContainerNode, Tree } from '../container/container.ts';
import { type FlatColumn, flatColumns, flatValues } from '../container/flat.ts';
import { keepIdentifiers } from '../keep-identifiers.ts';
import { loadTable } from '../load-table.ts';
import { openNpyFolder } from '../numpy/npy-folder.ts';
import { type AlfFile, latestOf } from './alf-names.ts';
import { unitsOf } from './units.ts';

/** Attributes of more columns stay arrays. */
const mostColumns = 4;

/** What a session holds, stored. */
export interface AlfParts {
  tables: Table[];
  arrays: DataArray[];
  warnings: string[];
}

/**
 * Stores the objects of a session as tables (spikes, clusters, channels, trials, …), an attribute a column, with the place of each row from
 * 0, which others refer to; attributes of more than a few columns are arrays. `units` joins clusters with the region of their channel.
 * root: the folder; names: of its files, with slashes. Throws `bad-input` where none is a file of ALF.
 */
export async function readAlf(root: string, names: readonly string[], kit: FormatKit): Promise<AlfParts> {
  const { files, older } = latestOf(names);
  if (files.length === 0)
    throw new BregmaError('bad-input', `${path.basename(root)} has no file named as ALF does.`, {
      next: 'Give the folder of one session, with files as spikes.times.npy.',
    });
  const made: AlfParts = { tables: [], arrays: [], warnings: [] };
  if (older.length > 0)
    made.warnings.push(`The latest revisions were read; ${older.length} older files were passed over, as ${older[0]}.`);
  for (const collection of [...new Set(files.map((file) => file.collection))].sort()) {
    const own = files.filter((file) => file.collection === collection);
    const prefix = collection === '' ? '' : `${collection.replace(/[^A-Za-z0-9]+/g, '_')}_`;
    const first = made.tables.length;
    await readArrays(root, own, prefix, kit, made);
    for (const file of own.filter(({ ending }) => ending !== 'npy'))
      made.tables.push(await tableOf(root, file, prefix, kit));
    const units = await unitsOf(made.tables.slice(first), prefix, kit);
    if (units.table) made.tables.push(units.table);
    made.warnings.push(...units.warnings);
  }
  return made;
}

/** The NumPy files of one collection, object by object. */
async function readArrays(
  root: string,
  files: AlfFile[],
  prefix: string,
  kit: FormatKit,
  made: AlfParts,
): Promise<void> {
  const byFolder = groupBy(
    files.filter(({ ending }) => ending === 'npy'),
    ({ name }) => path.dirname(name),
  );
  // An object whose attributes are of several revisions lies in several folders: its tables are those of each.
  const names = new Set<string>();
  for (const [folder, own] of byFolder) {
    const collect = new Collect(new Tree(openNpyFolder(path.join(root, folder))), kit, {});
    for (const [object, parts] of groupBy(own, (file) => file.object)) {
      const attributes = parts.flatMap(({ name, attribute }) => {
        const node = collect.tree.node(`/${path.basename(name).slice(0, -'.npy'.length)}`);
        if (node?.kind !== 'array') {
          made.warnings.push(`${name} was left out: ${node?.target ?? 'it cannot be read'}.`);
          return [];
        }
        return [{ node, attribute }];
      });
      const name = names.has(object) ? `${object}_${parts[0].attribute}` : object;
      names.add(object);
      await collectObject(collect, `${prefix}${name}`, object, attributes);
    }
    const { tables, arrays, warnings } = await collect.finish();
    made.tables.push(...tables);
    made.arrays.push(...arrays);
    made.warnings.push(...warnings);
  }
}

interface Attribute {
  node: ContainerNode;
  attribute: string;
}

/** Attributes of one length are one table; those of another length (a curve of a finer clock) have a table each. */
async function collectObject(collect: Collect, name: string, object: string, attributes: Attribute[]): Promise<void> {
  const columns = attributes.filter(({ node }) => columnsOf(node) !== undefined);
  for (const { node, attribute } of attributes)
    if (!columns.some((one) => one.node === node))
      await collect.array(node, `${name}_${attribute}`, { axes: [object], description: `${object}.${attribute}` });
  const byLength = groupBy(columns, ({ node }) => String(node.shape?.[0] ?? 0));
  const most = Math.max(...[...byLength.values()].map((same) => same.length));
  let isFirst = true;
  for (const [rows, same] of byLength) {
    const isMain = isFirst && same.length === most;
    if (isMain) isFirst = false;
    await collect.table({
      name: isMain ? name : `${name}_${same[0].attribute}`,
      description: `${object} of the session; row: the place of each, from 0`,
      rows: Number(rows),
      step: Math.min(2 ** 20, ...same.map(({ node }) => stepOf(node))),
      columns: [{ name: 'row', type: 'INTEGER' }, ...same.flatMap(({ node, attribute }) => named(node, attribute))],
      units: Object.fromEntries(
        same
          .filter(({ attribute }) => /(^|_)(times|timestamps)$/.test(attribute))
          .map(({ attribute }) => [attribute, { unit: 's' }]),
      ),
      batch: async (start, count) => {
        const batch = [];
        for (const { node } of same) batch.push(...(await valuesOf(collect, node, start, count)));
        return [Int32Array.from({ length: count }, (_, i) => start + i), ...batch];
      },
    });
  }
}

/** Columns of an attribute: one, or one for each of a few places of its second axis. */
function columnsOf({ shape, type }: ContainerNode): number | undefined {
  if (!shape || !type || shape.length === 0 || shape.length > 2) return undefined;
  const wide = shape.length === 2 ? shape[1] : 1;
  return wide > 0 && wide <= mostColumns && flatColumns('', type)?.length === 1 ? wide : undefined;
}

function named(node: ContainerNode, attribute: string): FlatColumn[] {
  const wide = columnsOf(node) ?? 1;
  const [column] = (node.type && flatColumns(attribute, node.type)) ?? [];
  return wide === 1 ? [column] : Array.from({ length: wide }, (_, i) => ({ ...column, name: `${attribute}_${i}` }));
}

async function valuesOf(collect: Collect, node: ContainerNode, start: number, count: number) {
  const wide = columnsOf(node) ?? 1;
  const type = node.type ?? { kind: 'unread' as const, why: 'nothing' };
  const [all] = flatValues(await collect.tree.container.read(node.path, start, count), type);
  if (wide === 1) return [all];
  return Array.from({ length: wide }, (_, k) => {
    if (Array.isArray(all)) return all.filter((_value, i) => i % wide === k);
    const part = all.slice(0, count);
    for (let i = 0; i < count; i++) part[i] = all[i * wide + k];
    return part;
  });
}

/** A table of a session in text or Parquet, with the place of each row. */
async function tableOf(
  root: string,
  { name, object, attribute, ending }: AlfFile,
  prefix: string,
  kit: FormatKit,
): Promise<Table> {
  const file = path.join(root, name);
  if (ending === 'pqt')
    await kit.duck
      .run(`CREATE OR REPLACE TABLE alf_table AS SELECT * FROM ${readFileSql('parquet', file)}`)
      .catch((error: BregmaError) => {
        throw new BregmaError('corrupt', `${name} is no readable Parquet file: ${error.message}`, {
          next: 'Copy the file again.',
        });
      });
  else await loadTable('alf_table', file, { header: true, separator: ending === 'tsv' ? '\t' : ',' }, kit);
  const { query } = await keepIdentifiers('alf_table', kit.duck);
  const hasRow = (await kit.duck.columns('alf_table')).some((column) => column.name.toLowerCase() === 'row');
  const table = attribute === 'table' ? object : `${object}_${attribute}`;
  return kit.duck.table(
    hasRow ? query : `SELECT (row_number() OVER () - 1)::INTEGER AS ${identifier('row')}, * FROM (${query})`,
    {
      name: `${prefix}${table}`,
      description: `${object}.${attribute} of the session; row: the place of each, from 0`,
    },
  );
}
