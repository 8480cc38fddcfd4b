import { bytesOf, unpack } from '../kit/numbers.ts';
import { grey, rangeOf, type Still, scaleText, stillWidthPx } from '../kit/still.ts';
import type { ImageModel } from './model.ts';

/** Images that a page shows at most. */
const most = 12;

/** Pictures beside each other, numbers as greys on one scale. */
export function still({ images: all, low, high, unit }: ImageModel): Still {
  const shown = all.slice(0, most);
  const width = all.length === 1 ? stillWidthPx.one : stillWidthPx.many;
  const values = shown.map((image) => image.values && unpack(image.values));
  const range = rangeOf(
    values.flatMap((list) => (list ? [list] : [])),
    low,
    high,
  );
  const drawn = shown.map(({ label, file, values: packed }, i) => {
    if (file)
      return {
        label,
        file: { mediaType: file.mediaType, bytes: bytesOf(file.bytes) },
        widthPx: width,
      };
    const [h, w, channels = 1] = packed!.shape;
    const rgb = new Uint8Array(3 * h * w);
    for (let at = 0; at < h * w; at++)
      for (let k = 0; k < 3; k++)
        rgb[3 * at + k] = channels === 1 ? grey(values[i]![at], range, k) : values[i]![at * channels + k];
    return { label, pixels: { rgb, width: w, height: h }, widthPx: width };
  });
  const left = all.length > shown.length ? `The first ${shown.length} of ${all.length} images. ` : '';
  return {
    parts: [{ is: 'images', images: drawn, says: `${left}${values.some(Boolean) ? scaleText(range, unit) : ''}` }],
  };
}
