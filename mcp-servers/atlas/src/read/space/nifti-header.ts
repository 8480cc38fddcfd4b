import { BregmaError } from '@bregma/core/errors';
import type { ElementName } from './elements.ts';
import type { Affine } from './frames.ts';

/** What the header of a NIfTI file says (NIfTI-1: nifti1.h; NIfTI-2: nifti2.h; nifti.nimh.nih.gov). */
export interface NiftiHeader {
  version: 1 | 2;
  bigEndian: boolean;
  /** Lengths of the axes, the fastest first; an image of fewer than three has further ones of length 1. */
  sizes: number[];
  /** Steps along the axes. */
  steps: number[];
  element: ElementName;
  /** Numbers of a voxel: 2 of a complex one, 3 or 4 of a colour. */
  components: number;
  componentAxis?: string;
  offset: number;
  scale?: { slope: number; inter: number };
  spaceUnit: 'm' | 'mm' | 'um' | 'not stated';
  timeUnit: 's' | 'ms' | 'us' | 'Hz' | 'ppm' | 'rad/s' | 'not stated';
  qform: { code: number; affine: Affine | undefined };
  sform: { code: number; affine: Affine };
  intent: number;
  description: string;
  /** Bytes behind the header say that extensions follow. */
  extended: boolean;
  /** Where extensions begin. */
  length: number;
}

/** Bytes that are enough for either header and the mark behind it. */
export const niftiHeaderBytes = 544;

const types: Record<number, { element: ElementName; components?: number; axis?: string }> = {
  2: { element: 'u1' },
  4: { element: 'i2' },
  8: { element: 'i4' },
  16: { element: 'f4' },
  64: { element: 'f8' },
  256: { element: 'i1' },
  512: { element: 'u2' },
  768: { element: 'u4' },
  1024: { element: 'i8' },
  1280: { element: 'u8' },
  32: { element: 'f4', components: 2, axis: 'part' },
  1792: { element: 'f8', components: 2, axis: 'part' },
  128: { element: 'u1', components: 3, axis: 'channel' },
  2304: { element: 'u1', components: 4, axis: 'channel' },
};
const unread: Record<number, string> = { 1: 'single bits', 1536: '128-bit floats', 2048: '256-bit complex numbers' };
const spaceUnits = { 1: 'm', 2: 'mm', 3: 'um' } as const;
const timeUnits = { 8: 's', 16: 'ms', 24: 'us', 32: 'Hz', 40: 'ppm', 48: 'rad/s' } as const;

/** Where each version keeps its fields, and in what. */
const layouts = {
  1: {
    size: 348,
    dim: 40,
    type: 70,
    steps: 76,
    offset: 108,
    slope: 112,
    units: 123,
    intent: 68,
    text: 148,
    forms: 252,
  },
  2: {
    size: 540,
    dim: 16,
    type: 12,
    steps: 104,
    offset: 168,
    slope: 176,
    units: 500,
    intent: 504,
    text: 240,
    forms: 344,
  },
} as const;

/** Reads a header. head: the file's first `niftiHeaderBytes`. Throws `bad-input` when it is none, or of a kind that is not read. */
export function niftiHeader(head: Buffer, name: string): NiftiHeader {
  const { version, bigEndian } = recognised(head, name);
  const at = layouts[version];
  const { short, whole, real, int64 } = fields(head, bigEndian);
  const isOne = version === 1;
  const dims = Array.from({ length: 8 }, (_, i) => (isOne ? short(at.dim + 2 * i) : int64(at.dim + 8 * i)));
  const number = (from: number, i: number) => (isOne ? real(from + 4 * i, 4) : real(from + 8 * i, 8));
  if (!(dims[0] >= 1 && dims[0] <= 7))
    throw new BregmaError('corrupt', `${name} says that it has ${dims[0]} axes; NIfTI has 1 to 7.`, {
      next: 'Write the file again; nothing was added.',
    });
  const code = short(at.type);
  const type = types[code];
  if (!type)
    throw new BregmaError(
      'bad-input',
      `${name} holds ${unread[code] ?? `voxels of type ${code}`}, which are not read.`,
      {
        next: 'Convert it to float32, or to integers.',
      },
    );
  const offset = isOne ? number(at.offset, 0) : int64(at.offset);
  if (!Number.isSafeInteger(offset) || offset < at.size)
    throw new BregmaError('corrupt', `${name} says that its voxels begin at byte ${offset}, inside its header.`, {
      next: 'Write the file again; nothing was added.',
    });
  const units = isOne ? head[at.units] : whole(at.units);
  const steps = Array.from({ length: 8 }, (_, i) => number(at.steps, i));
  const forms = at.forms;
  const [qcode, scode] = isOne ? [short(forms), short(forms + 2)] : [whole(forms), whole(forms + 4)];
  const quaternion = Array.from({ length: 6 }, (_, i) => number(forms + (isOne ? 4 : 8), i));
  const rows = Array.from({ length: 12 }, (_, i) => number(forms + (isOne ? 28 : 56), i));
  const sizes = dims.slice(1, dims[0] + 1);
  return {
    version,
    bigEndian,
    sizes: [...sizes, 1, 1].slice(0, Math.max(3, sizes.length)),
    steps: steps.slice(1),
    element: type.element,
    components: type.components ?? 1,
    componentAxis: type.axis,
    offset,
    scale: scaleOf(number(at.slope, 0), number(at.slope, 1)),
    // SAFETY: a number that has no unit finds none, here and below.
    spaceUnit: spaceUnits[(units & 7) as keyof typeof spaceUnits] ?? 'not stated',
    // SAFETY: as above.
    timeUnit: timeUnits[(units & 56) as keyof typeof timeUnits] ?? 'not stated',
    qform: { code: qcode, affine: quaternionAffine(quaternion, steps) },
    sform: { code: scode, affine: [rows.slice(0, 4), rows.slice(4, 8), rows.slice(8, 12)] },
    intent: isOne ? short(at.intent) : whole(at.intent),
    description: textOf(head.subarray(at.text, at.text + 80)),
    extended: head.length > at.size && head[at.size] !== 0,
    length: at.size + 4,
  };
}

function recognised(head: Buffer, name: string): Pick<NiftiHeader, 'version' | 'bigEndian'> {
  for (const version of [1, 2] as const) {
    const { size } = layouts[version];
    if (head.length < size) continue;
    const bigEndian = head.readInt32BE(0) === size;
    if (!bigEndian && head.readInt32LE(0) !== size) continue;
    const magic = head.toString('latin1', version === 1 ? 344 : 4, version === 1 ? 348 : 8);
    if (magic === `n+${version}\0`) return { version, bigEndian };
    if (magic === `ni${version}\0`)
      throw new BregmaError('bad-input', `${name} is the header of a pair (.hdr and .img); single files are read.`, {
        next: 'Convert the pair to one file, .nii: nibabel.save(nibabel.load(…), "one.nii").',
      });
  }
  throw new BregmaError('bad-input', `${name} is no NIfTI file: it begins with no NIfTI header of version 1 or 2.`, {
    next: 'Check the file: .nii and .nii.gz of NIfTI-1 or NIfTI-2 are read, ANALYZE 7.5 is not.',
  });
}

function fields(head: Buffer, bigEndian: boolean) {
  return {
    short: (at: number) => (bigEndian ? head.readInt16BE(at) : head.readInt16LE(at)),
    whole: (at: number) => (bigEndian ? head.readInt32BE(at) : head.readInt32LE(at)),
    int64: (at: number) => Number(bigEndian ? head.readBigInt64BE(at) : head.readBigInt64LE(at)),
    real(at: number, width: 4 | 8): number {
      if (width === 4) return bigEndian ? head.readFloatBE(at) : head.readFloatLE(at);
      return bigEndian ? head.readDoubleBE(at) : head.readDoubleLE(at);
    },
  };
}

/** nifti1.h: a slope of 0 says "not scaled". nibabel takes what is not finite for that, too; a slope of 1 without shift changes nothing. */
function scaleOf(slope: number, inter: number): NiftiHeader['scale'] {
  if (!Number.isFinite(slope) || slope === 0) return undefined;
  const shift = Number.isFinite(inter) ? inter : 0;
  return slope === 1 && shift === 0 ? undefined : { slope, inter: shift };
}

/**
 * nifti1.h, "METHOD 2": rotation from the quaternion (b, c, d), steps, and qfac = pixdim[0] as the sense of the third axis.
 * Undefined when b² + c² + d² is above 1, beyond rounding.
 */
function quaternionAffine([b, c, d, x, y, z]: number[], steps: number[]): Affine | undefined {
  const rest = 1 - (b * b + c * c + d * d);
  // What float32 leaves of a half turn (nibabel's quaternion_threshold: three times its epsilon).
  if (!(rest > -3 * 2 ** -23)) return undefined;
  const a = Math.abs(rest) < 3 * 2 ** -23 ? 0 : Math.sqrt(rest);
  const [i, j] = [steps[1], steps[2]];
  const k = steps[3] * (steps[0] < 0 ? -1 : 1);
  return [
    [(a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * k, x],
    [2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * k, y],
    [2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - b * b - c * c) * k, z],
  ];
}

const textOf = (bytes: Buffer) =>
  bytes
    .toString('utf8')
    .replace(/\0[\s\S]*$/, '')
    .trim();
