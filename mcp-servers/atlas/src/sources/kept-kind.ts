import { Activity } from '@bregma/core/contracts/activity';
import type { DataArray } from '@bregma/core/contracts/dataset';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { type NpyArray, parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';

/** What an activity of this workspace made without measuring, found again in data that are added. */
export interface KeptKind {
  kind: ValueKind;
  /** The activity that made it. */
  activity: string;
  /** How much of the array came from there. */
  rows?: { found: number; of: number };
}

const unmeasured: readonly ValueKind[] = ['predicted', 'simulated', 'synthetic', 'imputed'];

/** Bytes of arrays that are compared row by row; a larger one is compared whole. */
const mostBytes = 200e6;
/** Values of a row at least that prove anything when they are equal. */
const fewestValues = 4;

/**
 * The kind that data keep because a twin or a generator made them here: the same bytes, or rows of an array among those that were
 * made. digests: sha256 of files, tables and arrays that hold values; images that were shown are none of them.
 */
export function keptKind(
  digests: readonly string[],
  arrays: readonly DataArray[],
  { ledger, objects }: Pick<Workspace, 'ledger' | 'objects'>,
): KeptKind | undefined {
  const made = new Map<string, { kind: ValueKind; activity: string }>();
  for (const { id, body } of ledger.list('activity')) {
    const { success, data } = Activity.safeParse(body);
    if (!success || data.status !== 'ok' || !data.valueKind || !unmeasured.includes(data.valueKind)) continue;
    for (const output of data.outputs) if (!made.has(output)) made.set(output, { kind: data.valueKind, activity: id });
  }
  const whole = [...digests, ...arrays.map(({ object }) => object)].find((digest) => made.has(digest));
  if (whole !== undefined) return made.get(whole);
  if (made.size === 0 || arrays.length === 0) return undefined;
  const read = (digest: string): NpyArray | undefined => {
    const size = objects.size(digest);
    if (size === undefined || size > mostBytes) return undefined;
    const bytes = objects.get(digest);
    return bytes.subarray(1, 6).toString('latin1') === 'NUMPY' ? parseNpy(bytes) : undefined;
  };
  const rows = new Map<string, string[]>();
  for (const { object } of arrays) rows.set(object, rowsOf(read(object)));
  for (const [digest, maker] of made) {
    const known = new Set(rowsOf(read(digest)));
    for (const own of rows.values()) {
      const found = own.filter((row) => known.has(row)).length;
      if (found > 0) return { ...maker, rows: { found, of: own.length } };
    }
  }
  return undefined;
}

/** Rows along the first axis, each as the characters of its values; rows that say too little to be known again are left out. */
function rowsOf(array: NpyArray | undefined): string[] {
  if (!array || array.shape.length < 2 || !/^f[48]$/.test(array.dtype)) return [];
  const [count] = array.shape;
  const length = count === 0 ? 0 : array.data.length / count;
  if (length < fewestValues) return [];
  // SAFETY: f4 and f8 are Float32Array and Float64Array.
  const values = array.data as Float32Array | Float64Array;
  return Array.from({ length: count }, (_, i) => Float64Array.from(values.subarray(i * length, (i + 1) * length)))
    .filter((row) => new Set(row).size >= fewestValues)
    .map((row) => Buffer.from(row.buffer).toString('base64'));
}
