import { unpack } from '../kit/numbers.ts';
import { grey, rangeOf, type Still, scaleText, stillWidthPx } from '../kit/still.ts';
import type { VolumeModel } from './model.ts';

/** The middle slice across each axis, in the colours of the regions. */
export function still({ labels, values, regions = [], space, at }: VolumeModel): Still {
  const packed = (labels ?? values)!;
  const voxels = unpack(packed);
  const [a, b, c] = packed.shape;
  const range = labels ? undefined : rangeOf([voxels]);
  const colours = regions.map(({ colour }) =>
    [0, 2, 4].map((k) => Number.parseInt((colour ?? '808080').slice(k, k + 2), 16)),
  );
  const slice = (label: string, height: number, width: number, voxel: (y: number, x: number) => number) => {
    const rgb = new Uint8Array(3 * height * width);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let k = 0; k < 3; k++) {
          const value = voxels[voxel(y, x)];
          rgb[3 * (y * width + x) + k] = range
            ? grey(value, range, k)
            : value === 0
              ? 0
              : (colours[value - 1]?.[k] ?? 128);
        }
    return { label, pixels: { rgb, width, height }, widthPx: stillWidthPx.many * 1.4 };
  };
  const [i, j, k] = at ?? [a >> 1, b >> 1, c >> 1];
  const images = [
    slice(`coronal, slice ${i + 1} of ${a}`, b, c, (y, x) => (i * b + y) * c + x),
    slice(`horizontal, slice ${j + 1} of ${b}`, a, c, (y, x) => (y * b + j) * c + x),
    slice(`sagittal, slice ${k + 1} of ${c}`, b, a, (y, x) => (x * b + y) * c + k),
  ];
  const says = range ? scaleText(range, undefined) : `Regions of ${space} in their own colours.`;
  return { parts: [{ is: 'images', images, says }] };
}
