import { sampleSem } from '@bregma/readers/sql-sem';
import type { SqlFunction } from './sql-function.ts';

/** The standard error of a mean. */
export const sem: SqlFunction = {
  name: 'sem',
  answers: 'How far a mean is from the one it estimates',
  takes: [{ name: 'x', holds: 'numbers' }],
  tables: [],
  gives: [],
  defined: [
    "Sample standard deviation (n − 1) ÷ √n of the values that are not NULL, as scipy.stats.sem and pandas' sem give it. DuckDB's own sem divides by n: it is not this one.",
    'NULL for fewer than two values. An infinite value is refused.',
    'A group is chosen by CASE: sem(CASE WHEN c THEN x END); FILTER and OVER are refused, because it is no aggregate of DuckDB.',
  ],
  example: 'SELECT stimulus, avg(response) AS mean, sem(response) AS sem FROM my_data.trials GROUP BY stimulus',
  macro: () => sampleSem,
};
