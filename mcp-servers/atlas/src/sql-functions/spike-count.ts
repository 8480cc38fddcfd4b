import type { SqlFunction } from './sql-function.ts';

/** Spikes of each unit in each window. */
export const spikeCount: SqlFunction = {
  name: 'spike_count',
  answers: 'How many spikes each unit fired in each window',
  takes: [
    { name: 'spikes', holds: 'table of one spike a row' },
    { name: 'spike_time', holds: 'its column of times, s' },
    { name: 'windows', holds: 'table of one window (a trial) a row' },
    { name: 'from_s', holds: 'where a window begins, s: a column, or an expression of columns' },
    { name: 'to_s', holds: 'where it ends' },
    {
      name: 'unit',
      holds: 'column of spikes that tells units apart; without it all spikes are one train',
      optional: true,
    },
    { name: 'condition', holds: 'column of windows that is passed on', optional: true },
  ],
  tables: ['spikes', 'windows'],
  gives: [
    { name: 'unit, condition', holds: 'as given' },
    { name: 'window', holds: 'place of the window in its table, from 0' },
    { name: 'window_from_s, window_to_s', holds: 'its edges' },
    { name: 'spikes', holds: 'spikes t with from ≤ t < to' },
    { name: 'rate_hz', holds: 'spikes ÷ (to − from)' },
  ],
  defined: [
    'Every unit has every window: one without spikes has 0. A unit without any spike in the table has no row, and whether a unit was recorded during a window is for you to know.',
    'A window whose edge is NULL, NaN or infinite, or that ends before it begins, has NULL spikes: not measured. One of no length has 0 spikes and a NULL rate.',
    'Spike times that are NULL, NaN or infinite take no part.',
  ],
  example:
    'FROM spike_count(my_nwb.units_spike_times, spike_times, my_nwb.trials, start_time, stop_time, unit := units, condition := stimulus)',
  macro:
    () => `CREATE MACRO spike_count(spikes, spike_time, windows, from_s, to_s, unit := NULL, condition := NULL) AS TABLE
WITH _bregma_s AS (SELECT _u, _t, max(_k) AS _k FROM (SELECT _u, _t, row_number() OVER (PARTITION BY _u ORDER BY _t) AS _k FROM (
  SELECT (unit) AS _u, (spike_time)::DOUBLE AS _t FROM query_table(spikes) WHERE isfinite((spike_time)::DOUBLE))) GROUP BY ALL),
_bregma_g AS (SELECT _u, row_number() OVER () AS _g FROM (SELECT DISTINCT _u FROM _bregma_s)),
_bregma_n AS (SELECT g._g, s._t, s._k FROM _bregma_s s JOIN _bregma_g g ON g._u IS NOT DISTINCT FROM s._u),
_bregma_w AS (SELECT _i, _c, _a, _b, isfinite(_a) AND isfinite(_b) AND _a <= _b AS _ok FROM (
  SELECT row_number() OVER () - 1 AS _i, (condition) AS _c, (from_s)::DOUBLE AS _a, (to_s)::DOUBLE AS _b FROM query_table(windows))),
_bregma_x AS (SELECT g._u, g._g, w.* FROM _bregma_g g CROSS JOIN _bregma_w w),
_bregma_y AS (SELECT x.*, coalesce(n._k, 0) AS _before FROM _bregma_x x ASOF LEFT JOIN _bregma_n n ON x._g = n._g AND x._a > n._t),
_bregma_z AS (SELECT y.*, coalesce(n._k, 0) AS _until FROM _bregma_y y ASOF LEFT JOIN _bregma_n n ON y._g = n._g AND y._b > n._t)
SELECT _u AS unit, _c AS condition, _i AS "window", _a AS window_from_s, _b AS window_to_s, CASE WHEN _ok THEN _until - _before END AS spikes,
  CASE WHEN _ok THEN (_until - _before) / nullif(_b - _a, 0) END AS rate_hz
FROM _bregma_z ORDER BY _u, _i`,
};
