import type { ImageStack } from '../encoding/features.ts';
import { contrast, gratings, size } from './gratings.ts';
import { type Canvas, drawStack, type Probe, type ProbeName } from './probe.ts';
import { curvature, position } from './shapes.ts';

const makers: Record<ProbeName, (canvas: Canvas) => Probe> = { gratings, size, contrast, curvature, position };

/** The images of a probe. */
export const makeProbe = (name: ProbeName, canvas: Canvas): Probe => makers[name](canvas);

/** One grey image: what a spot is compared with. */
export const blank = (canvas: Canvas): ImageStack => drawStack(canvas, 1, () => 0);

/**
 * Tuning [neuron × place] of responses [neuron × image]: the mean over the images of a place; of `position` the mean distance from the
 * response to a blank image, one a neuron.
 */
export function tuningOf(
  name: ProbeName,
  { images, repeats }: Probe,
  responses: ArrayLike<number>,
  toBlank: ArrayLike<number>,
): Float64Array {
  const places = images.count / repeats;
  const neurons = responses.length / images.count;
  return Float64Array.from({ length: neurons * places }, (_, at) => {
    const neuron = Math.floor(at / places);
    let sum = 0;
    for (let k = 0; k < repeats; k++) {
      const value = responses[neuron * images.count + (at % places) * repeats + k];
      sum += name === 'position' ? Math.abs(value - toBlank[neuron]) : value;
    }
    return sum / repeats;
  });
}
