import { makeRandom } from '@bregma/core/statistics/random';
import { blocksOf, meanOf } from '@bregma/webviews/matrix/blocks';
import { cellsOf, singleLines, typeLines } from '@bregma/webviews/matrix/cells';
import { shadesOf } from '@bregma/webviews/matrix/shade';
import { strongest } from '@bregma/webviews/matrix/strongest';
import { describe, expect, test } from 'vitest';

const base = { title: 't', kind: 'measured' as const, value: { label: 'Connection', unit: 'synapses' } };
const side = (names: string[], types?: string[]) => ({ of: 'neuron', names, types });
const all = (n: number) => ({ from: 0, to: n });

describe('a matrix of connections', () => {
  const cells = cellsOf({
    ...base,
    rows: side(['a', 'b', 'c'], ['KC', 'PN', 'KC']),
    columns: side(['a', 'b', 'c'], ['KC', 'PN', 'KC']),
    sparse: { row: [0, 0, 2, 1], column: [1, 2, 1, 1], values: [4, 2, 6, null], absent: 'zero' },
  });

  test('ordered by type keeps types together and cells in their order', () => {
    const lines = singleLines(cells.rows, 'type');
    expect(lines.names).toEqual(['a', 'c', 'b']);
    expect(lines.types).toEqual([
      { name: 'KC', from: 0, to: 2 },
      { name: 'PN', from: 2, to: 3 },
    ]);
  });

  test('by cell type is the mean over all pairs, zeros among them and gaps not', () => {
    const lines = typeLines(cells.rows);
    const blocks = blocksOf(cells, lines, lines, all(2), all(2), 10, 10);
    // KC → KC: 4 pairs, 2 synapses. KC → PN: 2 pairs, 10. PN → KC: 2 pairs, none. PN → PN: its one pair was not measured.
    expect([...blocks.counts]).toEqual([4, 2, 2, 0]);
    expect([0, 1, 2, 3].map((at) => meanOf(blocks, at))).toEqual([0.5, 5, 0, Number.NaN]);
  });

  test('lists its strongest pairs first', () => {
    const lines = singleLines(cells.rows, 'given');
    expect(strongest(cells, lines, lines, 'synapses').rows).toEqual([
      ['c', 'b', 6],
      ['a', 'b', 4],
      ['a', 'c', 2],
    ]);
  });

  test('with a cell outside is refused', () => {
    expect(() =>
      cellsOf({
        ...base,
        rows: side(['a']),
        columns: side(['b']),
        sparse: { row: [1], column: [0], values: [1], absent: 'zero' },
      }),
    ).toThrow('Cell 0 lies at row 1, column 0 of a matrix of 1 × 1.');
  });
});

describe('blocks', () => {
  test('of a dense and of a sparse form of one matrix are the same, and keep its sum', () => {
    const random = makeRandom('blocks');
    const [r, c] = [37, 23];
    const dense = Float64Array.from({ length: r * c }, () => (random.uniform() < 0.3 ? random.integer(9) : 0));
    const places = [...dense.keys()].filter((at) => dense[at] !== 0);
    const names = (n: number) => side(Array.from({ length: n }, (_, i) => `n${i}`));
    const forms = [
      { dense: { dtype: 'f8' as const, shape: [r, c], bytes: new Uint8Array(dense.buffer) } },
      {
        sparse: {
          row: places.map((at) => Math.floor(at / c)),
          column: places.map((at) => at % c),
          values: places.map((at) => dense[at]),
          absent: 'zero' as const,
        },
      },
    ].map((form) => {
      const cells = cellsOf({ ...base, rows: names(r), columns: names(c), ...form });
      return blocksOf(
        cells,
        singleLines(cells.rows, 'given'),
        singleLines(cells.columns, 'given'),
        all(r),
        all(c),
        5,
        4,
      );
    });
    expect(forms[0]).toEqual(forms[1]);
    expect(forms[0].tall * forms[0].rows).toBeGreaterThanOrEqual(r);
    expect(forms[0].sums.reduce((sum, value) => sum + value)).toBe(dense.reduce((sum, value) => sum + value));
    expect(forms[0].counts.reduce((sum, value) => sum + value)).toBe(r * c);
  });
});

test('shades tell zero and "not measured" from the weakest connection', () => {
  const blocks = {
    rows: 1,
    columns: 4,
    tall: 1,
    wide: 1,
    sums: Float64Array.of(0, 1, 100, 0),
    counts: Float64Array.of(1, 1, 1, 0),
  };
  const { steps, low, high } = shadesOf(blocks, 'log');
  expect([steps[0], steps[3]]).toEqual([-1, -2]);
  expect(steps[1]).toBeGreaterThanOrEqual(0);
  expect(steps[2]).toBe(255);
  expect([low, high]).toEqual([1, 100]);
});
