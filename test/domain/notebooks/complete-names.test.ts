import { type Names, nameValues, sqlCompletions } from '@bregma/notebooks/complete-names';
import { describe, expect, test } from 'vitest';

const names: Names = {
  data: [
    {
      reference: 'my-rec@1',
      schema: 'my_rec',
      title: 'My recording',
      tables: [
        {
          name: 'trials',
          rows: 1200,
          columns: [
            { name: 'onset', type: 'DOUBLE', unit: 's' },
            { name: 'Left Eye', type: 'BIGINT' },
          ],
        },
        { name: 'units', rows: 3, columns: [{ name: 'depth', type: 'DOUBLE' }] },
      ],
    },
  ],
  twins: [{ id: 'twin-0123456789abcdef', title: 'Ridge' }],
};
const labels = (before: string, after = '') => sqlCompletions(before, before + after, names).map(({ label }) => label);

describe('what is offered in a sql cell', () => {
  test('is every data set behind FROM, and its tables behind its name', () => {
    expect(labels('SELECT * FROM ')).toEqual(['my_rec']);
    expect(labels('SELECT * FROM my_rec.')).toEqual(['trials', 'units']);
    expect(labels('SELECT * FROM my_rec.un')).toEqual(['trials', 'units']);
  });

  test('is the columns of the tables that the cell names, and of no other', () => {
    expect(labels('SELECT ', ' FROM my_rec.trials')).toEqual(['onset', 'Left Eye', 'my_rec']);
    expect(labels('SELECT t.', ' FROM my_rec.trials AS t')).toEqual(['onset', 'Left Eye']);
    const [onset, left] = sqlCompletions('SELECT ', 'SELECT  FROM my_rec.trials', names);
    expect(onset).toMatchObject({ insert: 'onset', detail: 'DOUBLE, s', documentation: 'my_rec.trials' });
    expect(left.insert).toBe('"Left Eye"');
  });

  test('is nothing within a text or a comment', () => {
    expect(labels("SELECT 'my")).toEqual([]);
    expect(labels('-- from ')).toEqual([]);
  });
});

describe('what is offered as a value', () => {
  test('is every twin and data set, behind an argument that takes one', () => {
    expect(nameValues('arguments:\n  twin: ', names).map(({ label }) => label)).toEqual(['twin-0123456789abcdef']);
    expect(nameValues('arguments:\n  data: my', names).map(({ label }) => label)).toEqual(['my-rec@1']);
    expect(nameValues('arguments:\n  seed: ', names)).toEqual([]);
  });
});
