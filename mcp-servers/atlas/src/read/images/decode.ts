import { BregmaError } from '@bregma/core/errors';
import { decodeJpeg, isJpeg, jpegHeader } from './jpeg.ts';
import { oriented, type Pixels, type Size } from './pixels.ts';
import { decodePng, isPng, pngSize } from './png.ts';

/** A decoded image and what was decided about it. */
export interface Decoded {
  pixels: Pixels;
  /** EXIF orientation that was applied; 1: none. */
  turned: number;
  /** Whether a colour profile was left aside. */
  profile: boolean;
  /** Whether it is the first of several frames. */
  animated: boolean;
  /** Whether the lower half of 16 bits was dropped. */
  reduced: boolean;
}

const largestSide = 4096;

/**
 * Decodes one JPEG or PNG, told apart by its first bytes. turn: apply its EXIF orientation. The size is looked at before anything
 * is decoded. Throws `too-large`, and `corrupt` for damage of any kind: no pixel is ever made up.
 */
export async function decodeImage(bytes: Uint8Array, name: string, from: string, turn: boolean): Promise<Decoded> {
  try {
    if (isPng(bytes)) {
      checkSize(pngSize(bytes), name);
      const { orientation, profile, animated, reduced, ...pixels } = decodePng(bytes);
      return { ...placed(pixels, orientation, turn), profile, animated, reduced };
    }
    if (!isJpeg(bytes)) throw new Error('it begins as neither JPEG nor PNG');
    const { orientation, profile, ...size } = jpegHeader(bytes);
    checkSize(size, name);
    return { ...placed(await decodeJpeg(bytes), orientation, turn), profile, animated: false, reduced: false };
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new BregmaError('corrupt', `${from}: image ${name} cannot be decoded: ${why}.`, {
      next: 'Replace that file by a good copy, or remove it together with its column of the responses.',
    });
  }
}

const placed = (pixels: Pixels, orientation: number, turn: boolean) =>
  turn && orientation > 1 ? { pixels: oriented(pixels, orientation), turned: orientation } : { pixels, turned: 1 };

function checkSize({ width, height }: Size, name: string): void {
  const side = Math.max(width, height);
  if (side > largestSide)
    throw new BregmaError('too-large', `Image ${name} has a side of ${side} pixels; ${largestSide} are read.`, {
      next: 'Bring the images to the size at which they were shown.',
    });
}
