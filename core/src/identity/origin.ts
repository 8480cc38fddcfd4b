import type { DatasetRelease } from '../contracts/dataset.ts';
import type { ValueKind } from '../contracts/value-kind.ts';
import { parseNpy } from '../npy.ts';
import type { Workspace } from '../workspace.ts';

type Store = Pick<Workspace, 'ledger' | 'objects'>;

/** Share of a recording's values from which it counts as made of what a twin or a generator made: chance gives far less. */
const enough = 0.1;

/** Kinds of value that nobody measured, whatever is said of them later. */
const made = new Set<ValueKind>(['predicted', 'simulated', 'synthetic', 'imputed']);

/** Why values are not measured: of which kind they are, and which record says so. */
export interface Origin {
  kind: ValueKind;
  record: string;
}

/**
 * What the ledger knows of where the responses of a release come from, when that is no measurement: they, or the file that they
 * were read from, are what an activity made as predicted, simulated, synthetic or imputed; another record calls the same array
 * so; or their values are those of such an array, whole or in part, in any order. undefined: nothing speaks against the card.
 */
export function originOf(release: DatasetRelease, workspace: Store): Origin | undefined {
  const responses = release.arrays.find(({ name }) => name === 'responses');
  if (!responses) return undefined;
  const bytes = new Set([responses.object, ...release.files.map(({ sha256 }) => sha256)]);
  const relabelled = workspace.ledger
    .list('dataset')
    .find(({ body }) => made.has(body.card.kind) && body.arrays.some(({ object }) => object === responses.object));
  if (relabelled) return { kind: relabelled.body.card.kind, record: relabelled.id };
  const makers = workspace.ledger
    .list('activity')
    .filter(({ body }) => body.valueKind !== undefined && made.has(body.valueKind) && body.outputs.length > 0);
  // SAFETY: activities without a kind were left out above.
  for (const { id, body } of makers)
    if (body.outputs.some((output) => bytes.has(output))) return { kind: body.valueKind!, record: id };
  const values = arrayOf(responses.object, workspace);
  if (!values || values.length === 0) return undefined;
  for (const { id, body } of makers) {
    const parts = body.outputs.flatMap((output) => arrayOf(output, workspace) ?? []);
    // SAFETY: as above.
    if (parts.some((part) => shareOf(values, part) >= enough)) return { kind: body.valueKind!, record: id };
  }
  return undefined;
}

/** Share of `values` that the other array holds, in single precision. */
function shareOf(values: Float32Array, other: Float32Array): number {
  const known = new Set(other);
  return values.reduce((count, value) => count + Number(known.has(value)), 0) / values.length;
}

/** Measured values of an array, without those that two arrays share by chance: counts and short decimals. */
function arrayOf(object: string, { objects }: Pick<Store, 'objects'>): Float32Array | undefined {
  if (!objects.has(object)) return undefined;
  const bytes = objects.get(object);
  if (bytes.subarray(0, 6).toString('latin1') !== '\x93NUMPY') return undefined;
  const { data } = parseNpy(bytes);
  return Float32Array.from(Array.from(data, Number).filter((value) => Number.isFinite(value) && !isShort(value)));
}

const isShort = (value: number) =>
  Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-9 * Math.max(1, Math.abs(value));
