import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { openRegular, readRegular } from '../regular-file.ts';
import { some } from './order.ts';
import { tiffPages } from './tiff-picture.ts';
import { isTiff } from './tiff-tags.ts';
import { openZip } from './zip.ts';

/** One image that was not read yet. */
export interface NamedImage {
  /** Path inside the zip or folder, with `/`. */
  name: string;
  read(): Uint8Array;
  /** Which picture of a stack it is, from 0. */
  page?: number;
}

/** The images of a zip or folder, as it lists them. */
export interface ImageSet {
  from: string;
  images: NamedImage[];
  /** Whether the list has an order of its own: a zip has, a folder has none. */
  archived: boolean;
  /** Names of files that are no images. */
  others: string[];
  close(): void;
}

const mostImages = 200_000;
const largestFile = 256e6;
const largestZip = 16e9;
/** A stack lies in memory. */
const largestStack = 2e9;

const hidden = (name: string) => /(^|\/)(__MACOSX\/|\.)/.test(name);
const isImage = (name: string) => /\.(jpe?g|jfif|png|tiff?|bmp|dib|gif|webp)$/i.test(name) && !hidden(name);
const isUnreadImage = (name: string) => /\.(avif|heic|heif|jp2|jxl|exr|p[bgnp]m|tga|svg)$/i.test(name) && !hidden(name);

/** Opens a zip, a folder with all folders in it, or a stack of pictures in one TIFF. Throws when it holds no image, or images of formats that are not read. */
export async function openImages(file: string): Promise<ImageSet> {
  const from = path.basename(file);
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory();
  const set = isFolder ? folderOf(file, from) : /\.tiff?$/i.test(file) ? stackOf(file, from) : await zipOf(file, from);
  const unread = set.others.filter(isUnreadImage);
  const problem =
    unread.length > 0
      ? `${from} holds ${unread.length} images of formats that are not read: ${some(unread, 3)}`
      : set.images.length === 0
        ? `${from} holds no image (JPEG, PNG, TIFF, BMP, GIF, WebP)`
        : undefined;
  if (problem === undefined) return { ...set, others: set.others.filter((name) => !hidden(name)) };
  set.close();
  throw new BregmaError('bad-input', `${problem}.`, { next: 'Convert the images to PNG, which changes no pixel.' });
}

function folderOf(folder: string, from: string): ImageSet {
  const names: string[] = [];
  const descend = (inside: string): void => {
    for (const entry of readdirSync(path.join(folder, inside), { withFileTypes: true })) {
      const name = inside + entry.name;
      if (entry.isDirectory()) descend(`${name}/`);
      else names.push(name);
      if (names.length > mostImages)
        throw new BregmaError('too-large', `${from} holds more than ${mostImages} files.`, {
          next: 'Name the folder of the images alone.',
        });
    }
  };
  descend('');
  return {
    from,
    images: names
      .filter(isImage)
      .map((name) => ({ name, read: () => readRegular(path.join(folder, name), largestFile) })),
    archived: false,
    others: names.filter((name) => !isImage(name)),
    close: () => {},
  };
}

/** The pictures of one TIFF, in its order. */
function stackOf(file: string, from: string): ImageSet {
  const bytes = readRegular(file, largestStack);
  let pages: number;
  try {
    if (!isTiff(bytes)) throw new Error('it begins as no TIFF');
    pages = tiffPages(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BregmaError('corrupt', `${from} cannot be read: ${why}.`, {
      next: 'Copy the file again, or save its pictures as PNG.',
    });
  }
  const images = Array.from({ length: pages }, (_, page) => ({ name: `picture ${page + 1}`, page, read: () => bytes }));
  return { from, images, archived: true, others: [], close: () => {} };
}

async function zipOf(file: string, from: string): Promise<ImageSet> {
  const opened = openRegular(file, largestZip);
  try {
    const { files, others } = await openZip(opened, from, isImage);
    return { from, images: files, archived: true, others, close: () => opened.close() };
  } catch (error) {
    opened.close();
    throw error;
  }
}
