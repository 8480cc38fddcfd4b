import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';

export interface NamedImage {
  name: string;
  bytes: Uint8Array;
}

/** Limits that honest image sets stay below. */
const mostImages = 200_000;
const mostBytes = 4e9;
const largestSide = 4096;

const isImage = (name: string) => /\.(jpe?g|png)$/i.test(name) && !/(^|\/)(__MACOSX\/|\._)/.test(name);
const number = (name: string) => Number(/(\d+)\D*$/.exec(path.posix.basename(name))?.[1] ?? Number.NaN);

/** In the order of the last number in the file name (image2 before image10); names without a number by the alphabet. */
function inNumericOrder(images: NamedImage[]): NamedImage[] {
  return images.sort((a, b) => {
    const [left, right] = [number(a.name), number(b.name)];
    if (left !== right && !(Number.isNaN(left) && Number.isNaN(right)))
      return Number.isNaN(left) ? 1 : Number.isNaN(right) ? -1 : left - right;
    return a.name < b.name ? -1 : 1;
  });
}

/** The JPEG and PNG files of a zip. Throws when it is no zip, holds no image, or unpacks beyond the limits. */
export async function readImageZip(zip: Uint8Array, name: string): Promise<NamedImage[]> {
  const { unzipSync } = await import('fflate');
  let total = 0;
  let count = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(zip, {
      filter({ name: entry, originalSize, size }) {
        if (!isImage(entry)) return false;
        count++;
        total += originalSize;
        if (count > mostImages || total > mostBytes || originalSize > 1000 * size + 1_000_000) {
          throw new BregmaError(
            'too-large',
            `${name} unpacks to more than a set of images can hold (at ${entry.slice(0, 80)}).`,
          );
        }
        return true;
      },
    });
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw new BregmaError('corrupt', `${name} is no readable zip: ${error instanceof Error ? error.message : error}.`, {
      next: 'Make the zip again.',
    });
  }
  return someImages(
    Object.entries(files).map(([entry, bytes]) => ({ name: entry, bytes })),
    name,
  );
}

/** The JPEG and PNG files of a folder. */
export function readImageFolder(folder: string): NamedImage[] {
  const names = readdirSync(folder).filter(isImage);
  return someImages(
    names.map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) })),
    path.basename(folder),
  );
}

function someImages(images: NamedImage[], from: string): NamedImage[] {
  if (images.length === 0) throw new BregmaError('bad-input', `${from} holds no JPEG or PNG image.`);
  return inNumericOrder(images);
}

/** All images as one stack of bytes [image × y × x × 3]; grey becomes three equal channels. Throws, naming the image that differs or is damaged. */
export async function decodeStack(
  images: NamedImage[],
  from: string,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<{ data: Uint8Array; shape: number[] }> {
  const [{ default: jpeg }, { default: pngjs }] = await Promise.all([import('jpeg-js'), import('pngjs')]);
  const decode = ({ name, bytes }: NamedImage): { width: number; height: number; data: Uint8Array } => {
    try {
      if (bytes[0] === 0x89) {
        checkSide(new DataView(bytes.buffer, bytes.byteOffset).getUint32(16), name);
        return pngjs.PNG.sync.read(Buffer.from(bytes));
      }
      return jpeg.decode(bytes, {
        useTArray: true,
        formatAsRGBA: true,
        tolerantDecoding: false,
        maxResolutionInMP: 20,
        maxMemoryUsageInMB: 512,
      });
    } catch (error) {
      if (error instanceof BregmaError) throw error;
      throw new BregmaError(
        'corrupt',
        `${from}: image ${name} cannot be decoded: ${error instanceof Error ? error.message : error}.`,
        { next: 'Replace or remove that file.' },
      );
    }
  };
  let data: Uint8Array | undefined;
  let size = { width: 0, height: 0 };
  for (const [i, image] of images.entries()) {
    if (i % 25 === 0) {
      throwIfCancelled(signal);
      progress(i);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { width, height, data: pixels } = decode(image);
    checkSide(Math.max(width, height), image.name);
    if (!data) {
      size = { width, height };
      data = new Uint8Array(images.length * width * height * 3);
    } else if (width !== size.width || height !== size.height) {
      throw new BregmaError(
        'bad-input',
        `${from}: ${image.name} is ${width} × ${height}, ${images[0].name} is ${size.width} × ${size.height}.`,
        { next: 'Bring all images to one size.' },
      );
    }
    const start = i * width * height * 3;
    for (let p = 0; p < width * height; p++) {
      data[start + 3 * p] = pixels[4 * p];
      data[start + 3 * p + 1] = pixels[4 * p + 1];
      data[start + 3 * p + 2] = pixels[4 * p + 2];
    }
  }
  progress(images.length);
  return { data: data ?? new Uint8Array(0), shape: [images.length, size.height, size.width, 3] };
}

function checkSide(side: number, name: string): void {
  if (side > largestSide)
    throw new BregmaError('too-large', `Image ${name} has a side of ${side} pixels; ${largestSide} are read.`);
}
