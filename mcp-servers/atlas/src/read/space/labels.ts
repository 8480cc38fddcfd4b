import path from 'node:path';
import type { Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import type { FormatKit } from '../../formats/format.ts';
import { loadTable } from '../load-table.ts';

/** What columns of lists of labels are called, by what they are; the first that is there is taken. */
const called = {
  id: ['id', 'index', 'label', 'value', 'key', 'structure_id', 'idx', 'no', 'roi'],
  acronym: ['acronym', 'abbreviation', 'abbrev', 'symbol', 'short_name'],
  name: ['name', 'safe_name', 'region', 'structure', 'label_name', 'full_name', 'description', 'label'],
  parent: ['parent', 'parent_structure_id', 'parent_id'],
  colour: ['colour', 'color', 'color_hex_triplet'],
};

/** Reads a list of labels, a row each, as the table `structures` (id, acronym, name, parent, colour?). Throws `bad-input` without ids. */
export async function loadLabels(option: unknown, kit: FormatKit): Promise<{ table: Table; file: string }> {
  if (typeof option !== 'string')
    throw new BregmaError('bad-input', 'options.labels is no path.', {
      next: 'Give a CSV or TSV with the columns id and name, and acronym and parent where there are any.',
    });
  const file = kit.resolve(option);
  const { columns } = await loadTable('listed', file, { types: 'text', missing: [''] }, kit);
  const of = (what: keyof typeof called, but?: string) =>
    called[what].map((word) => columns.find((column) => column.toLowerCase() === word && column !== but)).find(Boolean);
  const id = of('id');
  const name = of('name', id);
  const acronym = of('acronym', id);
  if (id === undefined || (name === undefined && acronym === undefined))
    throw new BregmaError(
      'bad-input',
      `${path.basename(file)} has the columns ${columns.slice(0, 20).join(', ')}: its ids or names are not found.`,
      { next: 'Call them id, name, and acronym and parent where there are any.' },
    );
  const text = (column: string | undefined, other = 'NULL::VARCHAR') =>
    column === undefined ? other : `trim(${identifier(column)})`;
  const [parent, colour] = [of('parent', id), of('colour', id)];
  const query = `SELECT ${text(id)} AS id, ${text(acronym, text(name))} AS acronym, ${text(name, text(acronym))} AS name, ${text(parent)} AS parent${colour ? `, ${text(colour)} AS colour` : ''} FROM listed WHERE ${text(id)} IS NOT NULL`;
  const [{ twice }] = await kit.duck.rows(`SELECT (count(*) - count(DISTINCT id))::INTEGER AS twice FROM (${query})`);
  if (Number(twice) > 0)
    throw new BregmaError('bad-input', `${path.basename(file)} names ${twice} ids more than once.`, {
      next: 'Leave one row for each label.',
    });
  return { table: await kit.duck.table(query, { name: 'structures', description: 'What each label is' }), file };
}
