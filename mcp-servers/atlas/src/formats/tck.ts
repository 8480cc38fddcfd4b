import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readRegular } from '../read/regular-file.ts';
import { numbersOf } from '../read/space/elements.ts';
import { largestTracks, type Streamlines, storeStreamlines } from '../read/space/store-streamlines.ts';
import type { FileFormat } from './format.ts';

/** MRtrix streamlines (mrtrix.readthedocs.io, "Tracks file format"): mm, RAS. */
export const tck: FileFormat = {
  name: 'tck',
  title: 'MRtrix streamlines',
  extensions: ['.tck'],
  options: [],
  async read(file, _options, kit) {
    const name = path.basename(file);
    const bytes = readRegular(file, largestTracks);
    const { offset, element, bigEndian, count } = readHeader(bytes, name);
    const width = element === 'f4' ? 4 : 8;
    const whole = Math.floor((bytes.length - offset) / (3 * width)) * 3 * width;
    const values = numbersOf(bytes.subarray(offset, offset + whole), element, bigEndian);
    // SAFETY: f4 and f8 make arrays of numbers.
    const { lines, isEnded } = streamlinesOf(values as Float32Array | Float64Array);
    if (!isEnded)
      throw new BregmaError(
        'corrupt',
        `${name} ends early: the three infinities behind its last streamline are missing.`,
        {
          next: 'Copy the file again; nothing was added.',
        },
      );
    const warnings =
      count !== undefined && count !== lines.counts.length
        ? [`Its header counts ${count} streamlines; ${lines.counts.length} are there.`]
        : [];
    return storeStreamlines(lines, name, warnings, kit);
  },
};

function readHeader(
  bytes: Buffer,
  name: string,
): { offset: number; element: 'f4' | 'f8'; bigEndian: boolean; count?: number } {
  const end = bytes.subarray(0, 65_536).indexOf('\nEND');
  const text = bytes.toString('utf8', 0, Math.max(0, end));
  if (!text.startsWith('mrtrix tracks'))
    throw new BregmaError(
      'bad-input',
      `${name} is no MRtrix file of tracks: it does not begin with 'mrtrix tracks' and a header up to END.`,
      {
        next: 'Check the file; .tck of MRtrix is read.',
      },
    );
  const field = (key: string) => new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(text)?.[1].trim();
  const type = /^Float(32|64)(LE|BE)$/.exec(field('datatype') ?? '');
  if (!type)
    throw new BregmaError('bad-input', `${name} has values of type '${field('datatype') ?? ''}'.`, {
      next: 'Float32LE, Float32BE, Float64LE and Float64BE are read.',
    });
  const place = /^\.\s+(\d+)$/.exec(field('file') ?? '');
  const offset = Number(place?.[1] ?? Number.NaN);
  if (!(offset >= end && offset <= bytes.length))
    throw new BregmaError('corrupt', `${name} says that its points are at '${field('file') ?? ''}'.`, {
      next: 'They follow the header in the same file, ". OFFSET"; copy it again.',
    });
  const count = Number(field('count') ?? Number.NaN);
  return {
    offset,
    element: type[1] === '32' ? 'f4' : 'f8',
    bigEndian: type[2] === 'BE',
    count: Number.isNaN(count) ? undefined : count,
  };
}

/** Three NaN end a streamline, three infinities the file. */
function streamlinesOf(values: Float32Array | Float64Array): { lines: Streamlines; isEnded: boolean } {
  const counts: number[] = [];
  const places = new Float64Array(values.length);
  let [to, points, isEnded] = [0, 0, false];
  for (let at = 0; at + 2 < values.length; at += 3) {
    const [x, y, z] = [values[at], values[at + 1], values[at + 2]];
    if (Number.isNaN(x) && Number.isNaN(y) && Number.isNaN(z)) {
      counts.push(points);
      points = 0;
      continue;
    }
    if (![x, y, z].some(Number.isFinite)) {
      isEnded = true;
      break;
    }
    places.set([x, y, z], to);
    to += 3;
    points++;
  }
  if (points > 0) counts.push(points);
  return { lines: { counts, places: places.slice(0, to), ofPoints: {}, ofLines: {} }, isEnded };
}
