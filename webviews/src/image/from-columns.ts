import { BregmaError } from '@bregma/core/errors';
import { packed } from '../kit/pack.ts';
import { type Columns, distinct, noteOf, quantityOf, type Spec, type ViewForm } from '../kit/plot-form.ts';
import type { ImageModel } from './model.ts';

/** Pictures, and bytes or pixels of all together, that a cell shows. */
const most = { images: 500, bytes: 20_000_000, pixels: 2_000_000 };

export const image: ViewForm = {
  says: 'pictures: files in a column, pixels in rows, or the stimuli of a data set',
  members: {
    image: { is: 'column', says: 'PNG, JPEG, WebP or GIF files, as BLOB' },
    label: { is: 'column', says: 'what stands under a file' },
    row: { is: 'column', says: 'of a pixel, from the top, a whole number' },
    column: { is: 'column', says: 'of a pixel, from the left, a whole number' },
    value: { is: 'column', says: 'of a pixel' },
    frame: { is: 'column', says: 'a picture for each of its values' },
    scale: { is: 'word', oneOf: ['grey', 'sequential', 'diverging'], says: 'of the colours' },
  },
  example: 'view: image\ndata: field\nrow: y\ncolumn: x\nvalue: response\nframe: neuron',
  draw(columns, spec, caption): ImageModel {
    const pixels = ['row', 'column', 'value'].filter((name) => spec[name] !== undefined);
    if ((spec.image === undefined) === (pixels.length === 0) || (pixels.length > 0 && pixels.length < 3))
      throw new BregmaError('bad-input', 'view: image needs image (files), or row, column and value (pixels).', {
        next: `Write for example\n${image.example}`,
      });
    const found = spec.image === undefined ? fromPixels(columns, spec) : fromFiles(columns, spec);
    const { images, available } = found;
    return {
      ...caption,
      n: { count: images.length, of: 'images' },
      completeness: { returned: images.length, available, of: 'images' },
      images,
      ...(spec.value !== undefined && { unit: quantityOf(String(spec.value)).unit }),
      // SAFETY: the form of the view lets only these words in.
      scale: (spec.scale as ImageModel['scale']) ?? found.scale,
      note: noteOf(images.length < available && `The first ${images.length} of ${available} images.`, columns.note),
    };
  },
};

interface Found {
  images: ImageModel['images'];
  available: number;
  scale?: ImageModel['scale'];
}

function fromFiles(columns: Columns, { image: column, label }: Spec): Found {
  const files = columns.values(String(column));
  const labels = label === undefined ? undefined : columns.words(String(label));
  const images: ImageModel['images'] = [];
  let bytes = 0;
  for (const [i, file] of files.entries()) {
    if (file === null) continue;
    const mediaType = file instanceof Uint8Array ? mediaTypeOf(file) : undefined;
    if (!(file instanceof Uint8Array) || !mediaType)
      throw new BregmaError('bad-input', `'${column}' in row ${i + 1} is no PNG, JPEG, WebP or GIF file.`, {
        next: 'Pixels are drawn with row, column and value.',
      });
    bytes += file.byteLength;
    if (images.length === most.images || bytes > most.bytes) break;
    images.push({ label: labels?.[i] || `row ${i + 1}`, file: { mediaType, bytes: new Uint8Array(file) } });
  }
  return { images, available: files.filter((file) => file !== null).length };
}

function mediaTypeOf(file: Uint8Array) {
  const head = String.fromCharCode(...file.subarray(0, 12));
  if (head.startsWith('\x89PNG\r\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF8')) return 'image/gif';
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'image/webp' : undefined;
}

function fromPixels(columns: Columns, { row, column, value, frame }: Spec): Found {
  const [y, x, values] = [row, column, value].map((name) => columns.numbers(String(name)));
  const frames = frame === undefined ? undefined : columns.words(String(frame));
  const names = frames ? distinct(frames) : [String(value)];
  const [top, left] = [smallest(y, String(row)), smallest(x, String(column))];
  const [height, width] = [largest(y) - top + 1, largest(x) - left + 1];
  const available = names.length;
  const shown = names.slice(0, Math.max(1, Math.min(most.images, Math.floor(most.pixels / (height * width)))));
  if (!(height * width <= most.pixels))
    throw new BregmaError(
      'too-large',
      `An image of ${height} × ${width} pixels is too large; ${most.pixels} are drawn.`,
    );
  const place = new Map(shown.map((name, i) => [name, i]));
  const drawn = shown.map(() => new Float64Array(height * width).fill(Number.NaN));
  const seen = shown.map(() => new Uint8Array(height * width));
  for (let i = 0; i < values.length; i++) {
    const at = place.get(frames ? frames[i] : names[0]);
    if (at === undefined) continue;
    const pixel = (y[i] - top) * width + (x[i] - left);
    if (seen[at][pixel]++)
      throw new BregmaError('bad-input', `Pixel ${row} ${y[i]}, ${column} ${x[i]} has more than one row.`, {
        next: 'Name the column that tells pictures apart as frame, or aggregate in SQL.',
      });
    drawn[at][pixel] = values[i];
  }
  const signed = values.some((one) => one < 0);
  return {
    images: shown.map((label, i) => ({ label: label || 'not given', values: packed(drawn[i], [height, width]) })),
    available,
    scale: signed ? 'diverging' : 'sequential',
  };
}

/** Throws `bad-input` unless all are whole numbers. */
function smallest(values: Float64Array, name: string): number {
  const wrong = values.find((value) => !Number.isSafeInteger(value));
  if (wrong !== undefined)
    throw new BregmaError('bad-input', `'${name}' counts pixels: ${wrong} is no whole number.`, {
      next: 'Round or bin it in SQL.',
    });
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

const largest = (values: Float64Array) =>
  values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
