import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { BregmaError, throwIfCancelled } from '@bregma/core/errors';
import { stimulusDigests } from '@bregma/core/identity/digests';
import { pause } from '@bregma/core/in-slices';
import { npyHeader } from '@bregma/core/npy';
import { withDecimals } from '@bregma/core/numbers';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { type Decoded, decodeImage } from './decode.ts';
import { type Levels, over } from './pixels.ts';
import type { NamedImage } from './set.ts';

/** A stack of images that was written into the store. */
export interface StoredStack {
  object: string;
  /** [image × y × x × 3], bytes. */
  shape: number[];
  /** Digest of size and pixels of each image: equal for equal pictures, whatever their names and files. */
  digests: string[];
  /** What was decided for the images, in words. */
  decided: string[];
}

/** How images become one array. */
export interface StackOptions {
  /** What transparent pixels are seen over: red, green, blue. */
  background: readonly [number, number, number];
  /** Apply the orientation that EXIF asks for. */
  turn: boolean;
  /** Which samples of more than 8 bits are black and white. */
  levels?: Levels;
}

/** Bytes of a stack; a twin reads it as one array. */
const mostBytes = 2 ** 31 - 1024;

/**
 * Decodes images one after the other into one array in the store; never more than one is in memory. Throws, naming the image that
 * differs in size or is damaged; then nothing is stored.
 */
export async function storeStack(
  images: NamedImage[],
  from: string,
  options: StackOptions,
  kit: { objects: ObjectStore; signal: AbortSignal; progress(done: number, total: number, message: string): void },
): Promise<StoredStack> {
  const file = kit.objects.temporaryPath();
  const handle = openSync(file, 'wx');
  try {
    const stack = await writeStack(handle, images, from, options, kit);
    fsyncSync(handle);
    closeSync(handle);
    return { ...stack, object: kit.objects.adopt(file, 'application/x-npy').object };
  } catch (error) {
    try {
      closeSync(handle);
    } catch {
      // It was closed before adopting.
    }
    rmSync(file, { force: true });
    throw error;
  }
}

async function writeStack(
  handle: number,
  images: NamedImage[],
  from: string,
  { background, turn, levels }: StackOptions,
  kit: { signal: AbortSignal; progress(done: number, total: number, message: string): void },
): Promise<Omit<StoredStack, 'object'>> {
  const digests: string[] = [];
  const tally = new Tally();
  let shape: number[] = [];
  for (const [i, image] of images.entries()) {
    if (i % 25 === 0) {
      throwIfCancelled(kit.signal);
      kit.progress(i, images.length, 'images');
      await pause(kit.signal);
    }
    const decoded = await decodeImage(image.read(), image.name, from, { turn, levels, page: image.page });
    const { width, height } = decoded.pixels;
    if (i === 0) {
      shape = [images.length, height, width, 3];
      checkRoom(shape, from);
      write(handle, npyHeader('u1', shape));
    }
    if (width !== shape[2] || height !== shape[1])
      throw new BregmaError(
        'bad-input',
        `${from}: ${image.name} is ${width} × ${height}, ${images[0].name} is ${shape[2]} × ${shape[1]}.`,
        {
          next: 'Bring all images to one size.',
        },
      );
    const pixels = over(decoded.pixels, background);
    digests.push(...stimulusDigests({ shape: [1, height, width, 3], data: pixels }));
    write(handle, pixels);
    tally.add(decoded, image.name);
  }
  kit.progress(images.length, images.length, 'images');
  return { shape, digests, decided: tally.words(background) };
}

function checkRoom(shape: number[], from: string): void {
  const bytes = shape.reduce((product, size) => product * size, 1);
  if (bytes > mostBytes)
    throw new BregmaError(
      'too-large',
      `${from}: ${shape[0]} images of ${shape[2]} × ${shape[1]} take ${withDecimals(bytes / 1e9, 1)} GB; ${withDecimals(mostBytes / 1e9, 1)} are read.`,
      {
        next: 'Bring the images to the size at which a model sees them, or add them in parts.',
      },
    );
}

function write(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

/** What was decided for how many images. */
class Tally {
  private readonly seen: Record<'turned' | 'transparent' | 'profile' | 'animated' | 'reduced', string[]> = {
    turned: [],
    transparent: [],
    profile: [],
    animated: [],
    reduced: [],
  };

  add({ turned, profile, animated, reduced, pixels }: Decoded, name: string): void {
    if (turned > 1) this.seen.turned.push(name);
    if (pixels.alpha) this.seen.transparent.push(name);
    if (profile) this.seen.profile.push(name);
    if (animated) this.seen.animated.push(name);
    if (reduced) this.seen.reduced.push(name);
  }

  words(background: readonly number[]): string[] {
    const { turned, transparent, profile, animated, reduced } = this.seen;
    const said = (names: string[], what: string) =>
      names.length > 0 ? [`${names.length} images (${names[0]}${names.length > 1 ? ', …' : ''}) ${what}`] : [];
    return [
      ...said(
        transparent,
        `have transparent pixels: they were laid over [${background.join(', ')}]${background.join() === '128,128,128' ? ', mid grey' : ''}; what was shown depends on that, options.background sets it.`,
      ),
      ...said(turned, 'were turned as their EXIF orientation asks; options.rotation "none" leaves them.'),
      ...said(
        reduced,
        'have 16 bits a sample: the upper 8 were kept; options.levels, as [0, 4095], says which are black and white.',
      ),
      ...said(profile, 'bring a colour profile: it was not applied.'),
      ...said(animated, 'are animations: the first picture was taken.'),
    ];
  }
}
