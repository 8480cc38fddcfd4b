import type { TableMetric } from '../table-tests/table-test.ts';

/** Why a metric of ranks is judged by p-values alone. */
export const ofRanks = 'ranks have no likelihood that evidence could compare';

type More = Partial<TableMetric>;

/** A metric in the unit of the measured column, of any size; 0 is no effect. */
export const amount = (name: string, title: string, more: More = {}): TableMetric => ({
  name,
  title,
  unit: 'value',
  range: [-Infinity, Infinity],
  nothing: 0,
  ...more,
});

/** A metric between −1 and 1; 0 is no effect. */
export const coefficient = (name: string, title: string, unit: string, more: More = {}): TableMetric => ({
  name,
  title,
  unit,
  range: [-1, 1],
  nothing: 0,
  ...more,
});

/** A metric between 0 and 1 of which "no effect" alone has a test. */
export const share = (name: string, title: string, unit: string, more: More = {}): TableMetric => ({
  name,
  title,
  unit,
  range: [0, 1],
  nothing: 0,
  onlyNothing: true,
  ...more,
});
