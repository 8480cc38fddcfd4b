import path from 'node:path';
import { sha256 } from '@bregma/core/canonical';
import type { DataArray, Withheld } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import { ownFolder, writeWhole } from '@bregma/core/storage';
import { withheldFolder } from '@bregma/readers/withheld';
import type { Withholding } from './withholding.ts';

/** Arrays in the open, and the parts of them that are withheld. */
export interface DividedArrays {
  open: DataArray[];
  withheld: Withheld['tables'];
  levels: Withheld['levels'];
}

/** Whether a withholding is about this array: along the axis of that name, or along the first for `row`. What was shown is no response. */
export const isAlong = ({ axes, name }: DataArray, by: string): boolean =>
  name !== 'stimuli' && (by === 'row' ? axes.length > 0 : axes.includes(by));

/**
 * Divides arrays along an axis. In the open array the withheld places are NaN, "not measured", so that every index keeps its meaning;
 * the part has the same shape with the open places NaN. Along `stimulus`, equal images are one level. Throws `bad-input` where
 * arrays disagree about the axis, where nothing or everything would be withheld, or where a whole number has too many digits.
 */
export function withholdArrays(
  arrays: DataArray[],
  { by, share, seed }: Withholding,
  objects: ObjectStore,
  bregma: string,
): DividedArrays {
  const along = arrays.filter((array) => isAlong(array, by));
  const axisOf = ({ axes }: DataArray) => (by === 'row' ? 0 : axes.indexOf(by));
  const lengths = new Set(along.map((array) => array.shape[axisOf(array)]));
  if (lengths.size > 1)
    throw new BregmaError(
      'bad-input',
      `Axis ${by} has ${[...lengths].join(' and ')} places in the arrays of this file.`,
      {
        next: 'Name an axis that means the same in all of them.',
      },
    );
  const [length = 0] = lengths;
  const levels = levelsAlong(arrays, by, length, objects);
  const different = [...new Set(levels)];
  const count = Math.round(share * different.length);
  if (count < 1 || count >= different.length)
    throw new BregmaError(
      'bad-input',
      `A share of ${share} of the ${different.length} levels of ${by} withholds ${count} of them.`,
      { next: 'Some must be withheld and some stay open: name another share, or another axis.' },
    );
  const order = different.map((level) => [sha256(`${seed} ${level}`), level]).sort(([a], [b]) => (a < b ? -1 : 1));
  const drawn = new Set(order.slice(0, count).map(([, level]) => level));
  const isHidden = levels.map((level) => drawn.has(level));
  const divided = along.map((array) => divideArray(array, axisOf(array), isHidden, objects, bregma));
  const open = arrays.map((array) => divided[along.indexOf(array)]?.open ?? array);
  return { open, withheld: divided.map(({ part }) => part), levels: { withheld: count, of: different.length } };
}

/** What each place along the axis is: its image where there are some, else its number. */
function levelsAlong(arrays: DataArray[], by: string, length: number, objects: ObjectStore): string[] {
  const images =
    by === 'stimulus' ? arrays.find(({ name, shape }) => name === 'stimuli' && shape[0] === length) : undefined;
  if (!images) return Array.from({ length }, (_, i) => String(i));
  const { data } = parseNpy(objects.get(images.object));
  const size = data.length / length;
  return Array.from({ length }, (_, i) => {
    const image = data.subarray(i * size, (i + 1) * size);
    return sha256(new Uint8Array(image.buffer, image.byteOffset, image.byteLength));
  });
}

function divideArray(array: DataArray, axis: number, isHidden: boolean[], objects: ObjectStore, bregma: string) {
  const { data } = parseNpy(objects.get(array.object));
  const whole = doublesOf(data);
  if (whole.some((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER && Number.isInteger(value)))
    throw new BregmaError('bad-input', `${array.name} holds whole numbers of more digits than a double has.`, {
      next: 'Withhold along an axis of the responses; ids belong into a table.',
    });
  const stride = array.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const hiddenAt = (i: number) => isHidden[Math.floor(i / stride) % array.shape[axis]];
  const side = (hidden: boolean) => whole.map((value, i) => (hiddenAt(i) === hidden ? value : Number.NaN));
  const bytes = writeNpy({ data: side(true), shape: array.shape });
  const part = sha256(bytes);
  writeWhole(path.join(ownFolder(withheldFolder(bregma)), part), bytes);
  const { object } = objects.put(Buffer.from(writeNpy({ data: side(false), shape: array.shape })), 'application/x-npy');
  return {
    open: { ...array, object, dtype: 'f8' },
    part: { name: array.name, rows: whole.filter((_, i) => hiddenAt(i)).length, part },
  };
}
