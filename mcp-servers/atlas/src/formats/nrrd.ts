import type { Frame } from '@bregma/core/contracts/dataset';
import { nrrdValues } from '../read/space/nrrd-data.ts';
import { longestNrrdHeader, type NrrdHeader, nrrdHeader } from '../read/space/nrrd-header.ts';
import { storeVolume, volumeOptions } from '../read/space/store-volume.ts';
import { storedBytes } from '../read/space/stored-bytes.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** NRRD volumes, with their values behind the header or in one file beside it; axes in the order of the file, as pynrrd's index_order F. */
export const nrrd: FileFormat = {
  name: 'nrrd',
  title: 'NRRD volume',
  extensions: ['.nrrd', '.nhdr'],
  options: volumeOptions,
  async read(file, options, kit) {
    const bytes = storedBytes(file, kit.signal, { asStored: true });
    const header = nrrdHeader(await bytes.head(longestNrrdHeader), bytes.name);
    const { file: place, ...voxels } = await nrrdValues(file, header, kit);
    const dims = spatialAxes(header);
    while (voxels.shape.length < 3) voxels.shape.push(1);
    const others = voxels.shape.flatMap((_, axis) => (dims.includes(axis) ? [] : [wordOf(header, axis)]));
    return storeVolume(
      {
        name: tableName(file),
        files: place === file ? [file] : [file, place],
        voxels,
        frame: placeOf(header, dims),
        otherAxes: others,
        description: header.content || 'NRRD volume',
        warnings: [],
      },
      header.sampleUnit && options.unit === undefined ? { ...options, unit: header.sampleUnit } : options,
      kit,
    );
  },
};

/** The axes that are space: those with a direction, else those of kind space or domain, else the first three. */
function spatialAxes({ sizes, directions, kinds }: NrrdHeader): number[] {
  const axes = sizes.map((_, axis) => axis);
  const candidates = [
    directions ? axes.filter((axis) => directions[axis] !== undefined) : [],
    axes.filter((axis) => /^(space|domain)$/i.test(kinds[axis] ?? '')),
  ].filter((found) => found.length === 3);
  return candidates[0] ?? [0, 1, 2];
}

/** One word for an axis that is no space. */
function wordOf({ labels, kinds }: NrrdHeader, axis: number): string {
  const said = labels[axis] ?? kinds[axis] ?? '';
  if (/colou?r/i.test(said)) return 'channel';
  return /^[\w-]+$/.test(said) ? said.toLowerCase() : `axis${axis}`;
}

/** Directions and origin where the header has them; else the spacings, from the middle of the first voxel. */
function placeOf({ directions, origin, spacings, axes, space, spaceUnit, units }: NrrdHeader, dims: number[]): Frame {
  const unit = lengthUnit(spaceUnit ?? units[dims[0]]);
  const columns = dims.map((axis) => directions?.[axis]);
  if (columns.every((column) => column?.length === 3)) {
    const start = origin?.length === 3 ? origin : [0, 0, 0];
    return {
      space: space ?? 'not stated',
      axes,
      unit,
      origin: origin ? "the file's space origin" : 'the middle of the first voxel',
      affine: [0, 1, 2].map((row) => [...columns.map((column) => column?.[row] ?? 0), start[row]]),
      dims,
    };
  }
  const size = dims.map((axis) => spacings[axis] ?? Math.hypot(...(directions?.[axis] ?? [1])));
  return {
    space: space ?? 'not stated',
    axes: '',
    unit,
    origin: 'the middle of the first voxel',
    affine: size.map((step, row) => [...size.map((_, column) => (row === column ? step : 0)), 0]),
    dims,
  };
}

function lengthUnit(said: string | undefined): string {
  if (/^(mm|milli-?met(er|re)s?)$/i.test(said ?? '')) return 'mm';
  if (/^(um|µm|μm|microns?|micro-?met(er|re)s?)$/i.test(said ?? '')) return 'um';
  return said ?? 'not stated';
}
