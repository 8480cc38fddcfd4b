import { BregmaError } from '@bregma/core/errors';
import { type Affine, axisWords } from './frames.ts';

/** What the header of a TrackVis file says. */
export interface TrkHeader {
  bigEndian: boolean;
  /** Names of the values of each point, and of each streamline; one column a name. */
  scalars: string[];
  properties: string[];
  /** From the file's coordinates to mm, RAS. */
  affine: Affine;
  /** Streamlines; 0: not counted. */
  count: number;
  warnings: string[];
}

const headerBytes = 1000;
const letterOf: Record<string, string> = { lr: 'R', rl: 'L', pa: 'A', ap: 'P', vd: 'S', dv: 'I' };
const opposite: Record<string, string> = { R: 'L', L: 'R', A: 'P', P: 'A', S: 'I', I: 'S' };

/** Reads the header. Throws `bad-input` when it is none, or of version 1, which says nothing of space. */
export function readTrkHeader(bytes: Buffer, name: string): TrkHeader {
  const isTrack = bytes.length >= headerBytes && bytes.toString('latin1', 0, 5) === 'TRACK';
  const bigEndian = isTrack && bytes.readInt32LE(996) !== headerBytes;
  if (!isTrack || (bigEndian && bytes.readInt32BE(996) !== headerBytes))
    throw new BregmaError(
      'bad-input',
      `${name} is no TrackVis file: it does not begin with TRACK and a header of 1,000 bytes.`,
      {
        next: 'Check the file; .trk of TrackVis, version 2, is read.',
      },
    );
  const short = (at: number) => (bigEndian ? bytes.readInt16BE(at) : bytes.readInt16LE(at));
  const int = (at: number) => (bigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at));
  const real = (at: number) => (bigEndian ? bytes.readFloatBE(at) : bytes.readFloatLE(at));
  const version = int(992);
  if (version < 2)
    throw new BregmaError(
      'bad-input',
      `${name} is of version ${version} of TrackVis, which does not say where its points lie.`,
      {
        next: 'Convert it to version 2 with the program that made it.',
      },
    );
  const warnings: string[] = [];
  const sizes = [12, 16, 20].map(real);
  if (sizes.some((size) => !(size > 0)))
    throw new BregmaError('corrupt', `${name} has voxels of ${sizes.join(' × ')} mm.`, { next: 'Write it again.' });
  let place: Affine = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => real(440 + 16 * row + 4 * column)));
  if (real(440 + 60) === 0) {
    warnings.push('It does not say where its voxels lie: its axes were taken as RAS from the first voxel.');
    place = [0, 1, 2].map((row) => [0, 1, 2].map((axis) => (axis === row ? sizes[row] : 0)).concat(0));
  }
  return {
    bigEndian,
    scalars: namesOf(bytes, 38, short(36), 'scalar'),
    properties: namesOf(bytes, 240, short(238), 'property'),
    affine: toRas(place, sizes, [6, 8, 10].map(short), bytes.toString('latin1', 948, 952)),
    count: int(988),
    warnings,
  };
}

/** Ten names of 20 bytes; nibabel writes how many values a name has behind a zero. */
function namesOf(bytes: Buffer, at: number, count: number, what: string): string[] {
  const names: string[] = [];
  for (let i = 0; i < 10 && names.length < count; i++) {
    const field = bytes.subarray(at + 20 * i, at + 20 * (i + 1));
    const [name, number] = field.toString('latin1').split('\0').filter(Boolean);
    const values = Math.max(1, Math.min(Number(number) || 1, count - names.length));
    const plain = (name ?? '').replace(/[^A-Za-z0-9_]+/g, '_') || `${what}_${i + 1}`;
    for (let k = 0; k < values; k++) names.push(values > 1 ? `${plain}_${k + 1}` : plain);
  }
  for (let i = names.length; i < Math.max(0, count); i++) names.push(`${what}_${i + 1}`);
  const used = new Set(['streamline', 'position', 'points', 'length', 'x', 'y', 'z']);
  return names.map((name) => {
    let free = name;
    for (let i = 2; used.has(free.toLowerCase()); i++) free = `${name}_${i}`;
    used.add(free.toLowerCase());
    return free;
  });
}

/** Points are in mm from the corner of the first voxel, along the axes of `voxel_order` (nibabel.streamlines.trk, get_affine_trackvis_to_rasmm). */
function toRas(place: Affine, sizes: number[], dims: number[], order: string): Affine {
  const words = axisWords({ affine: place, axes: 'RAS' }) ?? [];
  const own = words.map((word) => letterOf[word]);
  const wanted = /^[RLAPSI]{3}/i.test(order) ? [...order.slice(0, 3).toUpperCase()] : ['L', 'P', 'S'];
  // Column of `place` that each axis of the file follows, and whether it runs the other way.
  const from = wanted.map((letter) => {
    const at = own.findIndex((one) => one === letter || one === opposite[letter]);
    return { at: Math.max(0, at), isTurned: own[at] !== letter };
  });
  const rows = place.map((row) => {
    const out = [0, 0, 0, row[3]];
    for (const [axis, { at, isTurned }] of from.entries()) {
      const step = row[at] / sizes[axis];
      out[axis] = isTurned ? -step : step;
      // Half a voxel to its middle; a turned axis begins at the last one.
      out[3] += row[at] * (isTurned ? dims[at] - 1 + 0.5 : -0.5);
    }
    return out;
  });
  return rows;
}
