import type { SqlFunction } from './sql-function.ts';

/** More bins than these are a mistake in a unit. */
const mostBins = 100_000;

/** A peri-stimulus time histogram. */
export const psth: SqlFunction = {
  name: 'psth',
  answers: 'How the rate of spikes goes around events',
  takes: [
    { name: 'spikes', holds: 'table of one spike a row' },
    { name: 'spike_time', holds: 'its column of times, s' },
    { name: 'events', holds: 'table of one event a row' },
    { name: 'event_time', holds: 'its column of times, s, on the same clock' },
    { name: 'from_s', holds: 'where the first bin begins, s after the event (before it where negative)' },
    { name: 'to_s', holds: 'where the last bin ends' },
    { name: 'bin_s', holds: 'width of a bin' },
    {
      name: 'unit',
      holds: 'column of spikes that tells units apart; without it all spikes are one train',
      optional: true,
    },
    { name: 'condition', holds: 'column of events that tells conditions apart', optional: true },
  ],
  tables: ['spikes', 'events'],
  gives: [
    { name: 'unit, condition', holds: 'as given' },
    { name: 'bin', holds: 'counted from 0' },
    { name: 'bin_from_s, bin_to_s', holds: 'edges, s after the event' },
    { name: 'events', holds: 'events of the condition' },
    { name: 'spikes', holds: 'spikes in the bin over all of these events' },
    { name: 'rate_hz', holds: 'spikes ÷ (events × width)' },
    { name: 'sem_hz', holds: 'standard error over events; NULL for one event' },
  ],
  defined: [
    'A spike at t is in bin k of an event at e when from_s + k·bin_s ≤ t − e < from_s + (k + 1)·bin_s, in doubles: as numpy.searchsorted(edges, t − e, side="right") − 1 finds it.',
    'sem_hz is the sample standard deviation (n − 1) of the rates of single events ÷ √events.',
    'Every unit has every bin of every condition: a bin without spikes has 0. A unit without any spike in the table has no row, and whether a unit was recorded during an event is for you to know.',
    'An event may count a spike that another counts too, where their windows overlap. Times that are NULL, NaN or infinite take no part.',
    `Refused: a width that is not above 0, a window that is not a whole number of bins (to one part in a million), more than ${mostBins} bins.`,
  ],
  example:
    'FROM psth(my_nwb.units_spike_times, spike_times, my_nwb.trials, start_time, -0.5, 1.0, 0.05, unit := units, condition := stimulus)',
  macro:
    () => `CREATE MACRO psth(spikes, spike_time, events, event_time, from_s, to_s, bin_s, unit := NULL, condition := NULL) AS TABLE
WITH _bregma_s AS (SELECT (unit) AS _u, (spike_time)::DOUBLE AS _t FROM query_table(spikes) WHERE isfinite((spike_time)::DOUBLE)),
_bregma_e AS (SELECT row_number() OVER () AS _i, (condition) AS _c, (event_time)::DOUBLE AS _e FROM query_table(events) WHERE isfinite((event_time)::DOUBLE)),
_bregma_w AS (SELECT (from_s)::DOUBLE AS _f, (bin_s)::DOUBLE AS _w, CASE
  WHEN (bin_s)::DOUBLE > 0 AND ((to_s)::DOUBLE - (from_s)::DOUBLE) / (bin_s)::DOUBLE BETWEEN 0.5 AND ${mostBins}
    AND abs(((to_s)::DOUBLE - (from_s)::DOUBLE) / (bin_s)::DOUBLE - round(((to_s)::DOUBLE - (from_s)::DOUBLE) / (bin_s)::DOUBLE)) < 1e-6
  THEN round(((to_s)::DOUBLE - (from_s)::DOUBLE) / (bin_s)::DOUBLE)::BIGINT
  ELSE error('psth: from_s to to_s must be 1 to ${mostBins} whole bins of bin_s.') END AS _n),
_bregma_p AS (SELECT _u, _i, _c, _r, _f, _w, _n, floor((_r - _f) / _w)::BIGINT AS _k FROM (
  SELECT s._u, e._i, e._c, s._t - e._e AS _r, w._f, w._w, w._n FROM _bregma_s s, _bregma_e e, _bregma_w w
  WHERE s._t >= e._e + (from_s)::DOUBLE - (bin_s)::DOUBLE AND s._t <= e._e + (to_s)::DOUBLE + (bin_s)::DOUBLE)),
_bregma_h AS (SELECT _u, _c, _k, sum(_m)::BIGINT AS _m, sum(_m * _m)::BIGINT AS _q FROM (
  SELECT _u, _i, _c, _n, _k + CASE WHEN _r < _f + _k * _w THEN -1 WHEN _r >= _f + (_k + 1) * _w THEN 1 ELSE 0 END AS _k, count(*) AS _m
  FROM _bregma_p GROUP BY ALL) WHERE _k >= 0 AND _k < _n GROUP BY ALL),
_bregma_u AS (SELECT DISTINCT _u FROM _bregma_s),
_bregma_c AS (SELECT _c, count(*) AS _n FROM _bregma_e GROUP BY _c)
SELECT u._u AS unit, c._c AS condition, k.range AS bin, w._f + k.range * w._w AS bin_from_s, w._f + (k.range + 1) * w._w AS bin_to_s,
  c._n AS events, coalesce(h._m, 0) AS spikes, coalesce(h._m, 0) / (c._n * w._w) AS rate_hz,
  CASE WHEN c._n > 1 THEN sqrt((c._n * coalesce(h._q, 0)::HUGEINT - coalesce(h._m, 0)::HUGEINT * coalesce(h._m, 0))::DOUBLE / (c._n - 1)) / c._n / w._w END AS sem_hz
FROM _bregma_u u CROSS JOIN _bregma_c c CROSS JOIN _bregma_w w CROSS JOIN LATERAL range(w._n) k
LEFT JOIN _bregma_h h ON h._u IS NOT DISTINCT FROM u._u AND h._c IS NOT DISTINCT FROM c._c AND h._k = k.range
ORDER BY u._u, c._c, k.range`,
};
