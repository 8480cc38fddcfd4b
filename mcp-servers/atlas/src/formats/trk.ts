import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readRegular } from '../read/regular-file.ts';
import { largestTracks, type Streamlines, storeStreamlines } from '../read/space/store-streamlines.ts';
import { readTrkHeader, type TrkHeader } from '../read/space/trk-header.ts';
import type { FileFormat } from './format.ts';

/** TrackVis streamlines (trackvis.org/docs/?subsect=fileformat), version 2, in mm of RAS as nibabel gives them. */
export const trk: FileFormat = {
  name: 'trk',
  title: 'TrackVis streamlines',
  extensions: ['.trk'],
  options: [],
  async read(file, _options, kit) {
    const name = path.basename(file);
    const bytes = readRegular(file, largestTracks);
    const header = readTrkHeader(bytes, name);
    const { lines, left } = streamlinesOf(bytes, header, name);
    const { count } = header;
    if (left > 0 || (count > 0 && lines.counts.length < count))
      throw new BregmaError(
        'corrupt',
        `${name} ends inside streamline ${lines.counts.length}${count > 0 ? ` of ${count}` : ''}.`,
        {
          next: 'Copy the file again; nothing was added.',
        },
      );
    return storeStreamlines(lines, name, header.warnings, kit);
  },
};

function streamlinesOf(bytes: Buffer, header: TrkHeader, name: string): { lines: Streamlines; left: number } {
  const { bigEndian, scalars, properties, affine, count } = header;
  const int = (at: number) => (bigEndian ? bytes.readInt32BE(at) : bytes.readInt32LE(at));
  const real = (at: number) => (bigEndian ? bytes.readFloatBE(at) : bytes.readFloatLE(at));
  const pointBytes = 4 * (3 + scalars.length);
  const starts: number[] = [];
  const counts: number[] = [];
  let at = 1000;
  while (at + 4 <= bytes.length && (count === 0 || counts.length < count)) {
    const points = int(at);
    if (points < 0)
      throw new BregmaError('corrupt', `${name}: streamline ${counts.length} claims ${points} points.`, {
        next: 'Copy the file again.',
      });
    const end = at + 4 + points * pointBytes + 4 * properties.length;
    if (end > bytes.length) break;
    starts.push(at + 4);
    counts.push(points);
    at = end;
  }
  const total = counts.reduce((sum, points) => sum + points, 0);
  const places = new Float64Array(3 * total);
  const ofPoints = Object.fromEntries(scalars.map((scalar) => [scalar, new Float64Array(total)]));
  const ofLines = Object.fromEntries(properties.map((property) => [property, new Float64Array(counts.length)]));
  let point = 0;
  for (const [line, points] of counts.entries()) {
    let from = starts[line];
    for (let i = 0; i < points; i++, point++, from += pointBytes) {
      const [x, y, z] = [real(from), real(from + 4), real(from + 8)];
      for (const [axis, [a, b, c, d]] of affine.entries()) places[3 * point + axis] = a * x + b * y + c * z + d;
      for (const [k, scalar] of scalars.entries()) ofPoints[scalar][point] = real(from + 12 + 4 * k);
    }
    for (const [k, property] of properties.entries()) ofLines[property][line] = real(from + 4 * k);
  }
  return { lines: { counts, places, ofPoints, ofLines }, left: count > 0 ? 0 : bytes.length - at };
}
