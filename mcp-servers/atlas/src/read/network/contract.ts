import { BregmaError } from '@bregma/core/errors';
import * as z from 'zod';
import type { ReadModel } from './model.ts';

/** What a network wants to be shown, and which of its values describe an image. */
export interface Contract {
  input: string;
  side: number;
  /** In the network's order: (grey level − mean) / scale, of grey levels 0–255. */
  channels: { name: 'R' | 'G' | 'B'; mean: number; scale: number }[];
  layers: string[];
}

const three = z.union([z.number(), z.array(z.number()).length(3)]);
const Options = z.strictObject({
  size: z.number().int().min(8).max(1024).optional(),
  channels: z.enum(['RGB', 'BGR']).default('RGB'),
  range: z.tuple([z.number(), z.number()]).default([0, 1]),
  mean: three.default(0),
  scale: three.default(1),
  layers: z.array(z.string()).min(1).max(40),
});

const form =
  'Options: {size: pixels of a side, channels: RGB|BGR, range: [0, 1] that grey levels 0 to 255 become, mean, scale: one number or three, in that range and order, layers: names of values}.';

/** Reads what a person says of a network, and holds it to the network. Throws `bad-input` with what the network has. */
export function networkContract(options: Record<string, unknown>, model: ReadModel): Contract {
  const parsed = Options.safeParse(options);
  const offered = [...model.values].filter(([, op]) =>
    ['Conv', 'Relu', 'Add', 'Clip', 'Gemm', 'MaxPool', 'Mul'].includes(op),
  );
  const some = offered
    .slice(-8)
    .map(([name]) => name)
    .join(', ');
  if (!parsed.success)
    throw new BregmaError('bad-input', `${model.name}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`, {
      next: `${form} Some of its values: ${some}.`,
    });
  const { size, channels, range, mean, scale, layers } = parsed.data;
  const { input, side } = inputOf(model, size);
  const missing = layers.find((name) => !model.values.has(name));
  if (missing !== undefined)
    throw new BregmaError('bad-input', `${model.name} has no value '${missing}'.`, {
      next: `Name outputs of its nodes; some are ${some}.`,
    });
  const again = layers.find((name, i) => layers.indexOf(name) < i);
  if (again !== undefined)
    throw new BregmaError('bad-input', `layers names '${again}' twice.`, { next: 'Name each once.' });
  const [low, high] = range;
  if (!(high > low)) throw new BregmaError('bad-input', `range [${low}, ${high}] has no width.`, { next: form });
  const greyLevels = 255 / (high - low);
  const of = (value: number | number[], i: number) => (Array.isArray(value) ? value[i] : value);
  return {
    ...{ input, side, layers },
    channels: [...channels].map((name, i) => {
      const own = of(scale, i);
      if (!(own > 0)) throw new BregmaError('bad-input', `scale ${own} divides by nothing.`, { next: form });
      // SAFETY: `channels` is made of these letters.
      return { name: name as 'R' | 'G' | 'B', mean: (of(mean, i) - low) * greyLevels, scale: own * greyLevels };
    }),
  };
}

/** The one input, [image × 3 × side × side], and the side that is meant. */
function inputOf({ name, inputs }: ReadModel, size: number | undefined): { input: string; side: number } {
  const shown = inputs.map((one) => `${one.name} [${one.sizes.join(' × ')}]`).join(', ');
  const [first] = inputs;
  const wrong = (why: string, next: string) =>
    new BregmaError('bad-input', `${name} takes ${shown || 'nothing'}: ${why}.`, { next });
  if (inputs.length !== 1) throw wrong('one input of images is needed', 'Export the part that takes images alone.');
  const { sizes } = first;
  if (sizes.length !== 4 || sizes[1] !== 3)
    throw wrong('images are [image × 3 × y × x]', 'Export it with channels before rows and columns.');
  if (typeof sizes[0] === 'number' && sizes[0] !== 1)
    throw wrong(`it takes ${sizes[0]} images at a time`, 'Export it with a number of images that may change.');
  if (sizes[0] === 1)
    throw wrong('it takes one image at a time', 'Export it with a number of images that may change (dynamic_axes).');
  const fixed = sizes.slice(2).filter((one) => typeof one === 'number');
  const side = size ?? fixed[0];
  if (side === undefined) throw wrong('its size may change', 'Say size, pixels of a side.');
  const other = fixed.find((one) => one !== side);
  if (other !== undefined)
    throw wrong(`images of ${side} × ${side} do not fit`, `Use size: ${other}, where both sides are alike.`);
  return { input: first.name, side };
}
