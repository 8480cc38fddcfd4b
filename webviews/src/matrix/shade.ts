import { extent } from '../kit/colour-scales.ts';
import { type Blocks, meanOf } from './blocks.ts';

/** A shade for each block. */
export interface Shades {
  low: number;
  high: number;
  /** 0 to 255, −1 for zero on a scale that starts there, −2 for what was not measured. [blocks] */
  steps: Int16Array;
}

/** How strong each block is on a scale of 256 colours. */
export function shadesOf(blocks: Blocks, scale: 'linear' | 'log' | 'diverging'): Shades {
  const means = Float64Array.from(blocks.sums, (_, at) => meanOf(blocks, at));
  const [least, most] = extent(means) ?? [0, 1];
  const size = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const [low, high] = scale === 'diverging' ? [-size, size] : [Math.min(0, least), most > 0 ? most : 1];
  // The smallest mean that is not zero decides where a logarithmic scale begins.
  let smallest = high;
  for (const mean of means) if (mean > 0 && mean < smallest) smallest = mean;
  const steps = Int16Array.from(means, (mean) => {
    if (Number.isNaN(mean)) return -2;
    if (scale !== 'diverging' && low >= 0 && mean === 0) return -1;
    const part =
      scale === 'log' && low >= 0
        ? 0.08 + 0.92 * (Math.log(mean / smallest) / (Math.log(high / smallest) || 1))
        : (mean - low) / (high - low);
    return Math.max(0, Math.min(255, Math.round(part * 255)));
  });
  return { low: scale === 'log' && low >= 0 ? smallest : low, high, steps };
}
