import { BregmaError } from '@bregma/core/errors';
import { bmpSize, decodeBmp, isBmp } from './bmp.ts';
import { decodeGif, gifSize, isGif } from './gif.ts';
import { decodeJpeg, isJpeg, jpegHeader } from './jpeg.ts';
import { type Levels, oriented, type Pixels, type Size } from './pixels.ts';
import { decodePng, isPng, pngSize } from './png.ts';
import { decodeTiff, tiffPages, tiffSize } from './tiff-picture.ts';
import { isTiff } from './tiff-tags.ts';
import { decodeWebp, isWebp, webpHeader } from './webp.ts';

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

/** How an image is decoded. */
export interface Look {
  /** Apply its EXIF orientation. */
  turn: boolean;
  /** Which samples of more than 8 bits are black and white. */
  levels?: Levels;
  /** Which picture of a file that is a stack of them, from 0; undefined: the file must be one picture. */
  page?: number;
}

/**
 * Decodes one JPEG, PNG, TIFF, BMP, GIF or WebP, told apart by its first bytes. The size is looked at before anything is decoded. Throws
 * `too-large`, and `corrupt` for damage of any kind: no pixel is ever made up.
 */
export async function decodeImage(bytes: Uint8Array, name: string, from: string, look: Look): Promise<Decoded> {
  const { turn, levels } = look;
  const plain = { profile: false, animated: false, reduced: false };
  try {
    if (isPng(bytes)) {
      checkSize(pngSize(bytes), name);
      const { orientation, profile, animated, reduced, ...pixels } = decodePng(bytes, levels);
      return { ...placed(pixels, orientation, turn), profile, animated, reduced };
    }
    if (isTiff(bytes)) return tiffOf(bytes, name, look);
    if (isBmp(bytes)) {
      checkSize(bmpSize(bytes), name);
      return { ...plain, pixels: decodeBmp(bytes), turned: 1 };
    }
    if (isGif(bytes)) {
      checkSize(gifSize(bytes), name);
      const { animated, ...pixels } = decodeGif(bytes);
      return { ...plain, pixels, turned: 1, animated };
    }
    if (isWebp(bytes)) {
      const { orientation, profile, ...size } = webpHeader(bytes);
      checkSize(size, name);
      return { ...plain, ...placed(await decodeWebp(bytes), orientation, turn), profile };
    }
    if (!isJpeg(bytes)) throw new Error('it begins as no JPEG, PNG, TIFF, BMP, GIF or WebP');
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

function tiffOf(bytes: Uint8Array, name: string, { turn, levels, page }: Look): Decoded {
  const pages = tiffPages(bytes);
  if (page === undefined && pages > 1)
    throw new Error(`it is a stack of ${pages} pictures: name it as options.stimuli, and each is a stimulus`);
  checkSize(tiffSize(bytes, page ?? 0), name);
  const { orientation, profile, reduced, ...pixels } = decodeTiff(bytes, page ?? 0, levels);
  return { ...placed(pixels, orientation, turn), profile, animated: false, reduced };
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
