import { gzipSync } from 'node:zlib';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { datasetRef } from '@bregma/core/ledger/catalogue';
import { parseNpy } from '@bregma/core/npy';
import { readColumns } from '@bregma/readers/parquet';
import type { ReadObject } from '@bregma/readers/release';
import { packed } from '@bregma/webviews/kit/pack';
import type { VolumeModel } from '@bregma/webviews/volume/model';
import { captionFor } from './caption.ts';

/** The annotation of a brain atlas with the names and colours of its regions. Axes: anterior→posterior, superior→inferior, left→right. */
export async function regionVolume(release: DatasetRelease, read: ReadObject): Promise<VolumeModel> {
  const array = release.arrays.find(({ name }) => name === 'annotation');
  const table = release.tables.find(({ name }) => name === 'structures');
  if (!array || !table)
    throw new BregmaError('missing', `${datasetRef(release)} lacks its annotation or its structures.`);
  const [ids, acronyms, names, parents, colours] = await readColumns(read(table.object), [
    'id',
    'acronym',
    'name',
    'parent',
    'colour',
  ]);
  const { data, shape } = parseNpy(read(array.object), 'the annotation');
  const place = new Map(ids.map((id, i) => [Number(id), i + 1]));
  const labels = new Uint16Array(data.length);
  // Voxels of one region lie beside each other: the last answer is mostly the next.
  let [last, label] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const id = Number(data[i]);
    if (id !== last) [last, label] = [id, id === 0 ? 0 : (place.get(id) ?? -1)];
    if (label < 0)
      throw new BregmaError('corrupt', `${datasetRef(release)}: voxel ${i} is of structure ${id}, which has no name.`);
    labels[i] = label;
  }
  const { bytes, ...form } = packed(labels, shape);
  const sizeUm = voxelSize(array.unit ?? release.card.coordinateSpace?.unit);
  return {
    ...captionFor(release, 'regions', {
      count: new Set(labels).size - (labels.includes(0) ? 1 : 0),
      of: 'regions drawn',
    }),
    space: release.card.coordinateSpace?.name ?? release.id,
    voxelUm: [sizeUm, sizeUm, sizeUm],
    labels: { ...form, encoding: 'gzip', bytes: new Uint8Array(gzipSync(bytes, { level: 1 })) },
    regions: ids.map((id, i) => ({
      id: String(id),
      acronym: String(acronyms[i]),
      name: String(names[i]),
      parent: parents[i] === null || parents[i] === undefined ? null : String(parents[i]),
      ...(colours[i] ? { colour: String(colours[i]) } : {}),
    })),
  };
}

/** "voxel of 50 µm" → 50. */
function voxelSize(unit: string | undefined): number {
  const size = Number(/voxel of ([\d.]+) ?[µu]m/.exec(unit ?? '')?.[1]);
  if (size > 0) return size;
  throw new BregmaError('bad-input', 'The volume does not say how large its voxels are.', {
    next: 'Its array needs a unit such as “voxel of 50 µm”.',
  });
}
