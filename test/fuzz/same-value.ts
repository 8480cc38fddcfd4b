import { missingSigns, missingWords } from '../../mcp-servers/atlas/src/read/text/words.ts';

/** What a column was written as. */
export type Kind = 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'time' | 'duration' | 'text';

const missing = new Set([...missingWords, ...missingSigns]);
const plainNumber = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether a value that came back, as DuckDB writes it, is the one that was written; digits: what the writer keeps of a number. */
export function same(
  cell: string | number | boolean | null,
  kind: Kind,
  got: string | null,
  type: string,
  digits?: number,
): boolean {
  if (cell === null) return got === null;
  if (got === null) return kind === 'text' && missing.has(String(cell).trim());
  if (kind === 'number')
    return Number(got) === cell || (digits !== undefined && Number(got) === Number(Number(cell).toPrecision(digits)));
  // Beyond 49 days, and below zero, a duration is its seconds, which is said.
  if (kind === 'duration') return (type === 'DOUBLE' ? Math.round(1000 * Number(got)) : milliseconds(got)) === cell;
  if (kind === 'timestamp' || kind === 'date') return momentOf(got) === momentOf(String(cell));
  if (kind === 'time') return got.replace(/\.?0+$/, '') === String(cell).replace(/\.?0+$/, '');
  if (kind === 'boolean') return got === String(cell);
  if (kind !== 'text' || type === 'VARCHAR') return got === String(cell);
  // A text that was taken for more: written back, it is what was read.
  const written = String(cell).trim();
  if (type === 'DOUBLE' || type === 'BIGINT') return plainNumber.test(written) && Number(got) === Number(written);
  // 2020-1-2 can be read in one way alone, which is said.
  if (type === 'DATE') return got === written.replace(/\b\d\b/g, '0$&');
  return got.toLowerCase() === written.toLowerCase();
}

/** Milliseconds of a day or moment, with a blank or a T before its time. */
const momentOf = (text: string) =>
  new Date(text.length === 10 ? `${text}T00:00:00Z` : `${text.replace(' ', 'T')}Z`).getTime();

function milliseconds(interval: string): number {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d+) days? ?)?(?:(\d+):(\d+):([\d.]+))?$/.exec(interval) ?? [];
  return Math.round(
    ((Number(days) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000 + Number(seconds ?? 0) * 1000,
  );
}
