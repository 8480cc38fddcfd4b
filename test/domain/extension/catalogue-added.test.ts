import { parse } from '@bregma/notebooks/parse';
import { describe, expect, test } from 'vitest';
import { addedCells, addedRelease, firstTable } from '../../../extension/src/catalogue/added.ts';
import { columnOf, previewLines, withSetting, withType } from '../../../extension/src/catalogue/preview.ts';
import { rowsOf } from '../../../extension/src/catalogue/words.ts';

const value = {
  dataset: 'my-data@1a2b',
  tables: [
    {
      name: 'my',
      rows: 2,
      columns: ['k VARCHAR', '"v|w" BIGINT, mV'],
      decided: ['Separator: comma. Option: separator.'],
    },
  ],
  arrays: [],
};
const added = { source: 'my.csv', activity: `act-${'1'.repeat(16)}`, value };

describe('a file that was added', () => {
  test('becomes what was decided, the call that read it, and its rows, each with its result', () => {
    const sql = rowsOf(addedRelease(value), firstTable(value) ?? '');
    const { cells } = parse(addedCells(added, { sql, activity: `act-${'2'.repeat(16)}` }));
    expect(cells.map(({ kind }) => kind)).toEqual(['prose', 'bregma', 'sql']);
    expect(cells[0].text).toContain('Separator: comma. Option: separator.');
    expect(cells[1]).toMatchObject({
      text: 'tool: add_data\narguments:\n  source: my.csv',
      info: { name: 'add_my_data', activity: added.activity },
    });
    expect(cells[2]).toMatchObject({ text: 'SELECT * FROM my_data.my LIMIT 100', info: { name: 'my_data_rows' } });
  });

  test('has names of columns that are no markup of the notebook', () => {
    expect(addedCells(added, undefined)).toContain(String.raw`- "v\|w" BIGINT, mV`);
  });

  test('without a table has no cell that asks for rows', () => {
    const { cells } = parse(
      addedCells(
        { ...added, value: { dataset: 'rec@1', arrays: [{ name: 'r', shape: [3], axes: ['t'] }] } },
        undefined,
      ),
    );
    expect(cells.map(({ kind }) => kind)).toEqual(['prose', 'bregma']);
  });
});

describe('a file before it is added', () => {
  const lines = previewLines(value, [[1, null]], {});

  test('is shown with each column, what was decided and how to decide otherwise, and its first rows', () => {
    expect(lines[0]).toMatchObject({
      label: '$(check) Add',
      description: 'my: 2 rows, 2 columns',
      does: { is: 'add' },
    });
    expect(lines.map(({ does }) => does)).toContainEqual({ is: 'type', column: 'v|w' });
    expect(lines.find(({ label }) => label.includes('comma'))?.does).toEqual({ is: 'setting', name: 'separator' });
    expect(lines.map(({ label }) => label)).toContain('$(list-flat) 1 · ∅');
    expect(lines.at(-1)?.does).toEqual({ is: 'setting' });
  });

  test('is read otherwise as a person says, and again as the reader decides', () => {
    const typed = withType(withType({}, 'v|w', 'text'), 'k', 'date');
    expect(typed).toEqual({ types: { 'v|w': 'text', k: 'date' } });
    expect(withSetting(typed, 'separator', ';')).toEqual({ ...typed, separator: ';' });
    expect(withSetting({}, 'header', '2')).toEqual({ header: 2 });
    expect(withSetting({}, 'missing', '["n/a"]')).toEqual({ missing: ['n/a'] });
    expect(withSetting({ separator: ';' }, 'separator', '')).toEqual({});
    expect(columnOf('"a ""b" BIGINT, mV')).toEqual(['a "b', 'BIGINT, mV']);
  });

  test('says in the cell that reads it how it was read', () => {
    const text = addedCells({ ...added, options: { types: { k: 'text' } } }, undefined);
    expect(parse(text).cells[1].text).toContain('options:\n    types:\n      k: text');
  });
});
