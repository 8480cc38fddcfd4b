import type { Withheld } from '@bregma/core/contracts/dataset';

/** What is told of withheld rows: how many. */
export const countsOf = ({ by, share, seed, levels, tables }: Withheld) => ({
  by,
  share,
  seed,
  levels,
  rows: Object.fromEntries(tables.map(({ name, rows }) => [name, rows])),
});
