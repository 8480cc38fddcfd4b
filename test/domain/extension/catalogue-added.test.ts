import { parse } from '@bregma/notebooks/parse';
import { describe, expect, test } from 'vitest';
import { addedCells, addedRelease, firstTable } from '../../../extension/src/catalogue/added.ts';
import { rowsOf } from '../../../extension/src/catalogue/words.ts';

const value = {
  dataset: 'my-data@1a2b',
  tables: [
    {
      name: 'my',
      rows: 2,
      columns: ['k VARCHAR', '"v|w" BIGINT, mV'],
      decided: ['The separator is a comma (option separator).'],
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
    expect(cells[0].text).toContain('The separator is a comma (option separator).');
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
