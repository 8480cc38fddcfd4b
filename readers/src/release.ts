import type { Column, DataArray, DatasetRelease, Table } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { nearest } from '@bregma/core/nearest';
import { type NpyArray, parseNpy } from '@bregma/core/npy';

/** Reads an object of the store, checked: `objects.get`. */
export type ReadObject = (digest: string) => Uint8Array;

/** A table of a release. Throws `unknown-name` with the nearest. */
export function tableOf(release: DatasetRelease, name: string): Table {
  return named(release.tables, name, 'table', release);
}

/** An array of a release. Throws `unknown-name` with the nearest. */
export function arrayOf(release: DatasetRelease, name: string): DataArray {
  return named(release.arrays, name, 'array', release);
}

/** The values of an array of a release, C order. Throws `unknown-name`, `missing` or `corrupt`. */
export function readArray(release: DatasetRelease, name: string, read: ReadObject): NpyArray {
  return parseNpy(read(arrayOf(release, name).object), `${datasetRef(release)} ${name}`);
}

/** What a table says of one of its columns; undefined when it has none of that name. */
export function columnOf(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Throws `bad-input` unless the release is of this shape. what: who needs it, as in "an encoding twin". */
export function wantShape(release: DatasetRelease, shape: DatasetRelease['shape'], what: string): void {
  if (release.shape === shape) return;
  throw new BregmaError('bad-input', `${datasetRef(release)} is of shape ${release.shape}; ${what} needs ${shape}.`, {
    next: "Call find_data; your own images and responses are added with add_data and format 'stimulus-response'.",
  });
}

function named<Part extends { name: string }>(
  parts: Part[],
  name: string,
  what: string,
  release: DatasetRelease,
): Part {
  const found = parts.find((part) => part.name === name);
  if (found) return found;
  const names = parts.map((part) => part.name);
  const near = nearest(name, names);
  throw new BregmaError(
    'unknown-name',
    `${datasetRef(release)} has no ${what} '${name}'.${near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ''}`,
    { next: 'Call describe_data to see its parts.', fields: { what, id: name, nearest: near } },
  );
}
