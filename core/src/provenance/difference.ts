/** One place where two values differ. Numbers carry their difference; `undefined` is "not there". */
export interface Difference {
  path: string;
  before: unknown;
  after: unknown;
  delta?: number;
}

/** Where two JSON values differ, in reading order, at most `limit` places. Equal values give []. */
export function differences(before: unknown, after: unknown, limit = 50, path = ''): Difference[] {
  if (Object.is(before, after) || limit <= 0) return [];
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    const found: Difference[] = [];
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const place = Array.isArray(before) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
      found.push(...differences(before[key], after[key], limit - found.length, place));
    }
    return found;
  }
  const delta = typeof before === 'number' && typeof after === 'number' ? after - before : undefined;
  return [{ path, before, after, ...(delta === undefined ? {} : { delta }) }];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
