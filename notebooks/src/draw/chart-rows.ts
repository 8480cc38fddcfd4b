import { BregmaError } from '@bregma/core/errors';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { drawableRows } from '@bregma/readers/drawable-rows';
import type { Caption } from '@bregma/webviews/kit/caption';
import { isObject } from '../tools.ts';

/** A row of a chart's table: column → value. */
export type Row = Record<string, unknown>;

/** The rows of an object as a chart takes them. */
export interface ChartData {
  caption: Caption;
  rows: Row[];
  /** Said under the chart when rows are left out. */
  note?: string;
}

/** Rows that a chart is drawn from at most. */
const most = { rows: 50_000, characters: 20_000_000, text: 1_000 };

/**
 * The rows in an answer: the kept table of `query_data`, a result per unit, or the longest list of records in the value. Throws
 * `bad-input` when there is none.
 */
export async function chartRows(
  tool: string,
  value: unknown,
  objects: ObjectStore,
): Promise<Omit<ChartData, 'caption'>> {
  if (isObject(value)) {
    if (tool === 'query_data' && isObject(value.result)) {
      const { rows, available } = await drawableRows(objects.get(String(value.result.object)), most);
      return cut(rows, available);
    }
    const kept = [value.perUnit, value.predictions].find(
      (reference) => isObject(reference) && reference.mediaType === 'application/json',
    );
    if (isObject(kept)) {
      const list: unknown = JSON.parse(objects.get(String(kept.object)).toString('utf8'));
      if (Array.isArray(list) && list.every(isObject)) return cut(list.slice(0, most.rows), list.length);
    }
    const lists = Object.values(value).filter(
      (list): list is Row[] => Array.isArray(list) && list.length > 0 && list.every(isObject),
    );
    const longest = lists.sort((a, b) => b.length - a.length)[0];
    if (longest) return cut(longest.slice(0, most.rows), longest.length);
  }
  throw new BregmaError('bad-input', `The answer of ${tool} holds no rows to chart.`, {
    next: 'Chart the result of a sql cell, or of a tool that lists something.',
  });
}

const cut = (rows: Row[], available: number) =>
  rows.length < available ? { rows, note: `Drawn from the first ${rows.length} of ${available} rows.` } : { rows };
