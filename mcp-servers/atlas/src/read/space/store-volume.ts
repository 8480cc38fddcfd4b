import type { DataCard, Frame } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { writeNpy } from '@bregma/core/npy';
import type { FormatKit, Parts } from '../../formats/format.ts';
import { axisWords, spansSpace } from './frames.ts';
import { loadLabels } from './labels.ts';
import type { Voxels } from './voxels.ts';

/** Options of every volume: what its space is called, its unit and axes where the file does not say, names of its labels, the unit of its values. */
export const volumeOptions = ['space', 'lengths', 'orientation', 'labels', 'unit'];

/** A volume that was read. */
export interface ReadVolume {
  name: string;
  /** The files that it was read from, absolute. */
  files: string[];
  voxels: Voxels;
  frame: Frame;
  /** Words of the axes that are not in `frame.dims`, in their order. */
  otherAxes: string[];
  description?: string;
  warnings: string[];
}

/** Stores a volume with its place, and the names of its labels when they are given. Throws `bad-input` for options that do not fit. */
export async function storeVolume(
  { name, files, voxels, frame: found, otherAxes, description, warnings }: ReadVolume,
  options: Record<string, unknown>,
  kit: FormatKit,
): Promise<Parts> {
  const frame = withOptions(found, options);
  const said = [...warnings];
  const isPlaced = spansSpace(frame.affine);
  if (!isPlaced) said.push('Its affine puts all voxels into one plane: only voxels can be asked for, no places.');
  const words = isPlaced ? axisWords(frame) : undefined;
  if (!words)
    said.push('Where its axes point is not stated: they are called i, j, k. Option: orientation, as in "RAS".');
  if (frame.unit === 'not stated') said.push('The unit of its lengths is not stated. Option: lengths ("mm", "um").');
  const others = otherAxes.values();
  const axes = voxels.shape.map((_, axis) => {
    const at = frame.dims.indexOf(axis);
    return at < 0 ? (others.next().value ?? `axis${axis}`) : (words?.[at] ?? ['i', 'j', 'k'][at]);
  });
  const { object } = kit.objects.put(writeNpy(voxels), 'application/x-npy');
  const unit = typeof options.unit === 'string' ? options.unit : undefined;
  const labels = options.labels === undefined ? undefined : await loadLabels(options.labels, kit);
  const card: Partial<DataCard> = isPlaced
    ? {
        modality: 'volume',
        coordinateSpace: {
          name: frame.space,
          axes: `${frame.axes || 'not stated'}; origin: ${frame.origin}`,
          unit: frame.unit,
        },
      }
    : { modality: 'volume' };
  return {
    shape: 'volume',
    tables: labels ? [labels.table] : [],
    arrays: [
      {
        name,
        description,
        object,
        dtype: voxels.dtype,
        shape: voxels.shape,
        axes,
        unit,
        ...(isPlaced ? { frame } : {}),
      },
    ],
    warnings: said,
    card,
    files: labels ? [...files, labels.file] : files,
  };
}

function withOptions(frame: Frame, options: Record<string, unknown>): Frame {
  const { space, lengths, orientation } = options;
  const refuse = (option: string, next: string) =>
    new BregmaError('bad-input', `options.${option} is ${JSON.stringify(options[option])?.slice(0, 60)}.`, { next });
  if (space !== undefined && (typeof space !== 'string' || space === ''))
    throw refuse('space', 'Name the space, as in "MNI152".');
  if (lengths !== undefined && lengths !== 'mm' && lengths !== 'um')
    throw refuse('lengths', 'The unit of its coordinates can be "mm" or "um".');
  const letters = typeof orientation === 'string' ? orientation.toUpperCase() : '';
  if (orientation !== undefined && !isOrientation(letters))
    throw refuse('orientation', 'Say where the coordinates grow to, a letter each of R/L, A/P, S/I: "RAS", "PIR".');
  return {
    ...frame,
    ...(space === undefined ? {} : { space }),
    ...(lengths === undefined ? {} : { unit: lengths }),
    ...(orientation === undefined ? {} : { axes: letters }),
  };
}

/** Whether three letters name each of left–right, front–back and up–down once. */
export const isOrientation = (letters: string): boolean =>
  /^[RLAPSI]{3}$/.test(letters) && [/[RL]/, /[AP]/, /[SI]/].every((pair) => pair.test(letters));
