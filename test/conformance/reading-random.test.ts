import { expect, test } from 'vitest';
import { randomArrays } from '../fuzz/random-arrays.ts';
import { randomTables } from '../fuzz/random-tables.ts';
import { randomWorkbooks } from '../fuzz/random-workbooks.ts';

/** `npm run fuzz -- SECONDS random-tables` goes on with other seeds. */
const seed = 20_261_126;

test.skipIf(!process.env.BREGMA_REFERENCE_PYTHON)(
  `200 random tables of pandas, openpyxl and pyarrow come back from SQL value by value, seed ${seed} (skipped without BREGMA_REFERENCE_PYTHON)`,
  async () => {
    const { tried, failures } = await randomTables.run(seed, { count: 200 });
    expect(failures).toEqual([]);
    expect(tried).toBe(200);
  },
  900_000,
);

test.skipIf(!process.env.BREGMA_REFERENCE_PYTHON)(
  `500 random arrays of NumPy come back value by value, and what is no number is refused by name, seed ${seed}`,
  async () => {
    const { tried, failures } = await randomArrays.run(seed, { count: 500 });
    expect(failures).toEqual([]);
    expect(tried).toBe(500);
  },
);

test.skipIf(!process.env.BREGMA_REFERENCE_PYTHON)(
  '30 random workbooks of XlsxWriter hold in each cell what openpyxl reads there, seed 1',
  async () => {
    const { tried, failures } = await randomWorkbooks.run(1, { count: 30 });
    expect(failures).toEqual([]);
    expect(tried).toBe(30);
  },
  300_000,
);
