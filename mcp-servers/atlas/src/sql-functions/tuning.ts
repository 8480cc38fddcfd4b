import type { SqlFunction } from './sql-function.ts';

/** A tuning curve. */
export const tuning: SqlFunction = {
  name: 'tuning',
  answers: 'How a response goes with the stimulus',
  takes: [
    { name: 'data', holds: 'table of one presentation a row (spike_count gives one)' },
    { name: 'stimulus', holds: 'its column of stimuli: words or numbers' },
    { name: 'response', holds: 'its column of responses' },
    { name: 'unit', holds: 'column that tells units apart; without it all rows are one', optional: true },
  ],
  tables: ['data'],
  gives: [
    { name: 'unit, stimulus', holds: 'as given' },
    { name: 'n', holds: 'presentations whose response was measured' },
    { name: 'mean', holds: 'their mean response' },
    { name: 'sd', holds: 'sample standard deviation (n − 1); NULL for one' },
    { name: 'sem', holds: 'sd ÷ √n; NULL for one' },
    { name: 'preferred', holds: 'true where the mean is the largest of the unit (several where they are equal)' },
  ],
  defined: [
    'One row for each stimulus of each unit. Responses that are NULL or NaN are not measured and take no part: a stimulus of which none was measured has n 0 and NULL. An infinite response is refused.',
    'Each presentation counts once, so that a stimulus that was shown more often has a smaller sem and the same weight in nothing else. Whether responses differ between stimuli is a question for analyse_data (bregma://test/tuning).',
  ],
  example:
    'WITH counts AS (FROM spike_count(my_nwb.units_spike_times, spike_times, my_nwb.trials, start_time, stop_time, unit := units, condition := angle)) FROM tuning(counts, condition, rate_hz, unit := unit)',
  macro: () => `CREATE MACRO tuning(data, stimulus, response, unit := NULL) AS TABLE
WITH _bregma_r AS (SELECT (unit) AS _u, (stimulus) AS _s, CASE WHEN NOT isnan((response)::DOUBLE) THEN (response)::DOUBLE END AS _r FROM query_table(data)),
_bregma_m AS (SELECT _u, _s, count(_r) AS _n, avg(_r) AS _m, stddev_samp(_r) AS _d FROM _bregma_r GROUP BY _u, _s)
SELECT _u AS unit, _s AS stimulus, _n AS n, _m AS mean, _d AS sd, _d / sqrt(_n) AS sem, coalesce(_m = max(_m) OVER (PARTITION BY _u), false) AS preferred
FROM _bregma_m ORDER BY _u, _s`,
};
