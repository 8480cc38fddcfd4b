import { writeNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { writePng } from '@bregma/core/png';
import { type ImageStack, pickImages } from '../encoding/features.ts';

/** Made images as objects: each a PNG, and all of them as one array that add_data and run_twin take. */
export interface KeptImages {
  png: string[];
  stack: { object: string; [what: string]: unknown };
}

/** Stores images; those whose channels are equal are grey PNGs. each: also every one by itself. */
export function keepImages(images: ImageStack, objects: ObjectStore, each = true): KeptImages {
  const { data, count, height, width } = images;
  const png = Array.from({ length: each ? count : 0 }, (_, i) => {
    const own = pickImages(images, [i]).data;
    const grey = own.every((value, at) => value === own[at - (at % 3)]);
    const pixels = grey ? own.filter((_, at) => at % 3 === 0) : own;
    return objects.put(writePng({ data: pixels, width, height, channels: grey ? 1 : 3 }), 'image/png').object;
  });
  const stack = objects.put(writeNpy({ data, shape: [count, height, width, 3] }), 'application/x-npy');
  return { png, stack: { ...stack, shape: [count, height, width, 3] } };
}

/** Several stacks as one. */
export function joinImages(stacks: ImageStack[]): ImageStack {
  const [{ height, width }] = stacks;
  const data = new Uint8Array(stacks.reduce((sum, one) => sum + one.data.length, 0));
  let at = 0;
  for (const one of stacks) {
    data.set(one.data, at);
    at += one.data.length;
  }
  return { data, count: stacks.reduce((sum, one) => sum + one.count, 0), height, width };
}
