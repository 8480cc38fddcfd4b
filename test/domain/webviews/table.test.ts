import { tableData } from '@bregma/webviews/table/data';
import { filterRows, parseFilter } from '@bregma/webviews/table/filter';
import { sortRows } from '@bregma/webviews/table/order';
import { Decimal, Float64, Int64, makeData, makeVector, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { describe, expect, test } from 'vitest';

const caption = { title: 't', kind: 'measured' as const };
const column = (type: string, values: unknown[]) =>
  tableData({ ...caption, columns: [{ name: 'x', type }], rows: values.map((value) => [value]) });
const sorted = (type: string, values: unknown[], direction: 'ascending' | 'descending' = 'ascending') => {
  const data = column(type, values);
  const rows = sortRows(filterRows(data.length, []), data.columns[0], direction);
  return Array.from(rows, (row) => values[row]);
};
const found = (type: string, values: unknown[], filter: string) => {
  const data = column(type, values);
  const test = parseFilter(filter, data.columns[0]);
  return Array.from(filterRows(data.length, test ? [{ column: data.columns[0], test }] : []), (row) => values[row]);
};

describe('sorting', () => {
  // As JavaScript numbers all three are 720575940620875400.
  const ids = ['720575940620875400', '720575940620875399', '720575940620875398'];

  test.each(['BIGINT', 'VARCHAR'])('orders ids of 64 bits exactly, in a column of %s', (type) => {
    expect(sorted(type, ids)).toEqual([...ids].reverse());
  });
  test('puts what was not measured last, whichever way', () => {
    expect(sorted('DOUBLE', [null, 2, Number.NaN, -1])).toEqual([-1, 2, null, Number.NaN]);
    expect(sorted('DOUBLE', [null, 2, Number.NaN, -1], 'descending')).toEqual([2, -1, null, Number.NaN]);
  });
  test('keeps the order of equal rows', () => {
    const data = tableData({
      ...caption,
      columns: [{ name: 'x', type: 'INTEGER' }],
      rows: [[1], [0], [1], [0]],
    });
    expect([...sortRows(filterRows(4, []), data.columns[0], 'descending')]).toEqual([0, 2, 1, 3]);
  });
  test('orders names as people count', () => {
    expect(sorted('VARCHAR', ['V1-10', 'V1-9', 'V1-1'])).toEqual(['V1-1', 'V1-9', 'V1-10']);
  });
  test('orders decimals by all of their digits', () => {
    expect(sorted('DECIMAL(38,2)', ['90071992547409930.02', '90071992547409930.01', '-0.10'])).toEqual([
      '-0.10',
      '90071992547409930.01',
      '90071992547409930.02',
    ]);
  });
});

describe('a filter', () => {
  test.each([
    ['>5', [7, 6.5]],
    ['>=6.5', [7, 6.5]],
    ['<1', [-3]],
    ['5', [5]],
    ['!=5', [7, 6.5, -3]],
    ['-3 .. 5', [5, -3]],
    ['null', [null]],
    ['!null', [5, 7, 6.5, -3]],
    ['', [5, 7, 6.5, -3, null]],
  ])('of numbers: %s', (filter, expected) => {
    expect(found('DOUBLE', [5, 7, 6.5, -3, null], filter)).toEqual(expected);
  });
  test.each([
    ['kc', ['KC', 'kc-a']],
    ['=kc', ['KC']],
    ['!kc', ['MBON']],
  ])('of text: %s', (filter, expected) => {
    expect(found('VARCHAR', ['KC', 'kc-a', 'MBON', null], filter)).toEqual(expected);
  });
  test('finds one id of 64 bits and not its neighbour', () => {
    expect(found('BIGINT', ['720575940620875399', '720575940620875400'], '720575940620875399')).toEqual([
      '720575940620875399',
    ]);
  });
  test('compares whole numbers with a fraction as numbers', () => {
    expect(found('INTEGER', [1, 2, 3], '>1.5')).toEqual([2, 3]);
  });
  test('that is no number says what may be written', () => {
    expect(() => found('DOUBLE', [1], '>many')).toThrow(/“many” is not a number; x takes 5, >5/);
  });
});

describe('Arrow', () => {
  const arrow = tableToIPC(
    new Table({
      id: vectorFromArray([720575940620875399n, null], new Int64()),
      name: vectorFromArray(['DA1', 'DA2'], new Utf8()),
      weight: vectorFromArray([Number.NaN, 2.5], new Float64()),
      price: makeVector(
        makeData({
          type: new Decimal(2, 38, 128),
          length: 2,
          // −0.05 and 123.45 in hundredths, 128 bits each.
          data: new Uint32Array([0xfffffffb, 0xffffffff, 0xffffffff, 0xffffffff, 12345, 0, 0, 0]),
        }),
      ),
    }),
  );
  const data = tableData({ ...caption, columns: [{ name: 'weight', type: 'DOUBLE', unit: 'µm' }], arrow });

  test('keeps ids, gaps and decimals as they are', () => {
    expect([0, 1].map((row) => data.columns.map(({ cell }) => cell(row)))).toEqual([
      [720575940620875399n, 'DA1', Number.NaN, '-0.05'],
      [null, 'DA2', 2.5, '123.45'],
    ]);
  });
  test('takes units from the described columns', () => {
    expect(data.columns.map(({ unit }) => unit)).toEqual([undefined, undefined, 'µm', undefined]);
  });
  test('orders by type', () => {
    expect(data.columns.map(({ order }) => order)).toEqual(['integer', 'text', 'number', 'decimal']);
  });
});

test('a row with too few cells is named', () => {
  expect(() => tableData({ ...caption, columns: [{ name: 'a', type: 'DOUBLE' }], rows: [[1], []] })).toThrow(
    'Row 2 has 0 cells; there are 1 columns.',
  );
});
