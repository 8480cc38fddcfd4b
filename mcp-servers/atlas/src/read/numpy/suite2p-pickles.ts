import path from 'node:path';
import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { writeNpy } from '@bregma/core/npy';
import type { FormatKit } from '../../formats/format.ts';
import { Damaged } from '../packed/lz4.ts';
import { type Pickled, type PickledArray, pickledObjects } from './pickled.ts';

/** Numbers that suite2p gives a ROI (suite2p, "Outputs", stat.npy). */
const shapes = ['npix', 'npix_norm', 'radius', 'aspect_ratio', 'compact', 'footprint', 'skew', 'std'];
/** Images of a plane (suite2p, "Outputs", ops.npy). */
const images = ['meanImg', 'meanImgE', 'meanImg_chan2', 'max_proj', 'Vcorr'];

/** What lies in the pickles of a plane. */
export interface PlanePickles {
  tables: Table[];
  arrays: DataArray[];
  warnings: string[];
}

/** Reads stat.npy (where each ROI lies) and ops.npy (settings, images) of a plane as far as they can be, without running anything. */
export async function readPickles(
  folder: string,
  prefix: string,
  names: string[],
  kit: FormatKit,
): Promise<PlanePickles> {
  const found: PlanePickles = { tables: [], arrays: [], warnings: [] };
  for (const [name, take] of [
    ['stat', takeStat],
    ['ops', takeOps],
  ] as const) {
    if (!names.includes(name)) continue;
    try {
      await take(pickledObjects(path.join(folder, `${name}.npy`)), prefix, found, kit);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      found.warnings.push(
        `${prefix}${name}.npy holds pickled objects, which are not read (it ${error.message}): save what is needed of it as numbers.`,
      );
    }
  }
  return found;
}

const isArray = (value: Pickled): value is PickledArray =>
  typeof value === 'object' && value !== null && 'values' in value && 'shape' in value;
const numberOf = (value: Pickled): number =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : Number.NaN;

async function takeStat(rois: Pickled[], prefix: string, found: PlanePickles, kit: FormatKit): Promise<void> {
  const maps = rois.map((roi) => (roi instanceof Map ? roi : new Map<string, Pickled>()));
  const has = shapes.filter((name) => maps.some((roi) => roi.has(name)));
  const middle = (at: number) => Float64Array.from(maps, (roi) => middleOf(roi.get('med'), at));
  await kit.duck.make('roi_shapes', {
    roi: Int32Array.from(maps, (_, roi) => roi),
    y: middle(0),
    x: middle(1),
    ...Object.fromEntries(has.map((name) => [name, Float64Array.from(maps, (roi) => numberOf(roi.get(name)))])),
  });
  const shape = await kit.duck.table('SELECT * FROM roi_shapes', {
    name: `${prefix}roi_shapes`,
    description: 'Where each ROI lies and how it is formed (stat.npy); y, x: its middle.',
    columns: { y: { unit: 'pixel' }, x: { unit: 'pixel' }, radius: { unit: 'pixel' } },
  });
  found.tables.push(shape);
  const pixels = pixelsOf(maps);
  if (pixels.roi.length === 0) return;
  await kit.duck.make('roi_pixels', {
    roi: Int32Array.from(pixels.roi),
    y: Int32Array.from(pixels.y),
    x: Int32Array.from(pixels.x),
    weight: Float64Array.from(pixels.weight),
  });
  const columns = { y: { unit: 'pixel' }, x: { unit: 'pixel' } };
  found.tables.push(
    await kit.duck.table('SELECT * FROM roi_pixels', {
      name: `${prefix}roi_pixels`,
      description: 'Pixels of each ROI and their weights (stat.npy).',
      columns,
    }),
  );
}

const middleOf = (med: Pickled, at: number): number => {
  if (Array.isArray(med)) return numberOf(med[at]);
  return isArray(med) ? (med.values[at] ?? Number.NaN) : Number.NaN;
};

/** The pixels of all ROIs, one after the other. Throws `Damaged` where a ROI has another number of each. */
function pixelsOf(maps: Map<string, Pickled>[]) {
  const all: Record<'roi' | 'y' | 'x' | 'weight', number[]> = { roi: [], y: [], x: [], weight: [] };
  for (const [roi, map] of maps.entries()) {
    const [y, x, weight] = ['ypix', 'xpix', 'lam'].map((name) => map.get(name));
    if (!isArray(y) || !isArray(x)) continue;
    const weights = isArray(weight) ? weight.values : new Float64Array(y.values.length).fill(Number.NaN);
    if (y.values.length !== x.values.length || y.values.length !== weights.length)
      throw new Damaged(
        `has a ROI ${roi} of ${y.values.length} rows, ${x.values.length} columns and ${weights.length} weights`,
      );
    for (let at = 0; at < weights.length; at++) {
      all.roi.push(roi);
      all.y.push(y.values[at]);
      all.x.push(x.values[at]);
      all.weight.push(weights[at]);
    }
  }
  return all;
}

async function takeOps([ops]: Pickled[], prefix: string, found: PlanePickles, kit: FormatKit): Promise<void> {
  if (!(ops instanceof Map)) throw new Damaged('is no dictionary');
  const plain = [...ops].filter(([, value]) => ['number', 'string', 'boolean'].includes(typeof value));
  await kit.duck.make('settings', {
    name: plain.map(([name]) => name),
    value: plain.map(([, value]) => String(value)),
  });
  found.tables.push(
    await kit.duck.table('SELECT * FROM settings ORDER BY name', {
      name: `${prefix}settings`,
      description:
        'Settings of suite2p (ops.npy); fs: frames a second of each plane, tau: decay of the indicator in s.',
    }),
  );
  for (const name of images) {
    const image = ops.get(name);
    if (!isArray(image) || image.shape.length !== 2) continue;
    const { object } = kit.objects.put(writeNpy({ data: image.values, shape: image.shape }), 'application/x-npy');
    found.arrays.push({
      name: `${prefix}${name}`,
      object,
      dtype: 'f8',
      shape: image.shape,
      axes: ['y', 'x'],
      description: `${name} of ops.npy`,
    });
  }
}
