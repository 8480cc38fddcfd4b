import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { parseNpy, writeNpy } from '@bregma/core/npy';
import { largestNpy } from '../read/images/npy-stack.ts';
import { readRegular } from '../read/regular-file.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** One NumPy array. */
export const npy: FileFormat = {
  name: 'npy',
  title: 'NumPy array',
  extensions: ['.npy'],
  options: ['axes', 'unit'],
  async read(file, options, kit) {
    const array = parseNpy(readRegular(file, largestNpy), path.basename(file));
    const axes = Array.isArray(options.axes) ? options.axes.map(String) : array.shape.map((_, i) => `axis${i}`);
    if (axes.length !== array.shape.length) {
      throw new BregmaError(
        'bad-input',
        `${path.basename(file)} has ${array.shape.length} axes, options.axes names ${axes.length}.`,
        { next: `Name ${array.shape.length} of them, in the order of the shape [${array.shape}].` },
      );
    }
    const { object } = kit.objects.put(writeNpy(array), 'application/x-npy');
    const unit = typeof options.unit === 'string' ? options.unit : undefined;
    return {
      shape: 'tables',
      tables: [],
      arrays: [{ name: tableName(file), object, dtype: array.dtype, shape: array.shape, axes, unit }],
      warnings: [
        ...(array.widened ? ['Its float16 values were stored as float32, which holds each of them exactly.'] : []),
        ...(array.behind
          ? [`${array.behind} bytes behind the array were not read: the file may hold a second one.`]
          : []),
      ],
    };
  },
};
