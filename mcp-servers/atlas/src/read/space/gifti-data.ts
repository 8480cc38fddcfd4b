import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';
import type { FormatKit } from '../../formats/format.ts';
import { type ElementName, roomFor, widthOf } from './elements.ts';
import { storedBytes } from './stored-bytes.ts';
import { checkLayout, fillVoxels, type Voxels } from './voxels.ts';
import { numbersIn, textIn, type XmlNode } from './xml-tree.ts';

/** Types of GIFTI's values; the standard has the first three, FreeSurfer and others write the rest. */
const types: Record<string, ElementName> = {
  NIFTI_TYPE_UINT8: 'u1',
  NIFTI_TYPE_INT32: 'i4',
  NIFTI_TYPE_FLOAT32: 'f4',
  NIFTI_TYPE_INT8: 'i1',
  NIFTI_TYPE_INT16: 'i2',
  NIFTI_TYPE_UINT16: 'u2',
  NIFTI_TYPE_UINT32: 'u4',
  NIFTI_TYPE_INT64: 'i8',
  NIFTI_TYPE_UINT64: 'u8',
  NIFTI_TYPE_FLOAT64: 'f8',
};

/** The values of a DataArray. file: the GIFTI file. Throws `bad-input`, `corrupt` or `too-large`. */
export async function giftiValues(node: XmlNode, file: string, kit: FormatKit): Promise<Voxels & { file?: string }> {
  const name = path.basename(file);
  const said = (attribute: string) => node.attribute(attribute) ?? '';
  const element = types[said('DataType')];
  if (!element)
    throw new BregmaError(
      'bad-input',
      `${name} has values of type '${said('DataType').slice(0, 40)}', which are not read.`,
      {
        next: 'Write it again with NIFTI_TYPE_FLOAT32 or NIFTI_TYPE_INT32.',
      },
    );
  const dimensions = Number(said('Dimensionality'));
  const shape = Array.from({ length: dimensions >= 1 && dimensions <= 6 ? dimensions : 0 }, (_, i) =>
    Number(said(`Dim${i}`)),
  );
  const isColumnMajor = /ColumnMajor/i.test(said('ArrayIndexingOrder'));
  // Row-major values have their last axis fastest: they are read as they lie.
  const count = shape.reduce((product, size) => product * size, 1);
  const sizes = isColumnMajor ? shape : [count];
  const layout = { element, bigEndian: /^Big/i.test(said('Endian')), sizes };
  const needed = checkLayout({ ...layout, sizes: shape }, Number.POSITIVE_INFINITY, name);
  const encoding = said('Encoding');
  if (encoding === 'ExternalFileBinary') {
    const place = besideIt(file, said('ExternalFileName'), kit);
    const bytes = storedBytes(place, kit.signal, { asStored: true });
    const from = Number(said('ExternalFileOffset') || 0);
    checkLayout({ ...layout, sizes: shape }, Math.max(0, bytes.most - from), bytes.name);
    return { ...(await fillVoxels(layout, bytes.from(from), bytes.name)), shape, file: place };
  }
  const bytes = bytesOf(encoding, textIn(node, 'Data') ?? '', element, needed, name);
  const isText = encoding === 'ASCII';
  const values = await fillVoxels({ ...layout, bigEndian: !isText && layout.bigEndian }, one(bytes), name);
  return { ...values, shape };
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function bytesOf(encoding: string, text: string, element: ElementName, needed: number, name: string): Buffer {
  const damaged = (why: string) =>
    new BregmaError('corrupt', `${name} has values that cannot be read: ${why}.`, {
      next: 'Copy the file again; nothing was added.',
    });
  if (encoding === 'ASCII') {
    const numbers = numbersIn(text, `${name}: its values`);
    if (numbers.length * widthOf(element) !== needed)
      throw damaged(`${numbers.length} numbers where ${needed / widthOf(element)} are claimed`);
    const room = roomFor(element, numbers.length);
    numbers.forEach((value, at) => {
      if (!element.startsWith('f') && !Number.isSafeInteger(value)) throw damaged(`${value} is no whole number`);
      if (room instanceof BigInt64Array || room instanceof BigUint64Array) room[at] = BigInt(value);
      else room[at] = value;
    });
    return Buffer.from(room.buffer);
  }
  const isZipped = encoding === 'GZipBase64Binary';
  if (!isZipped && encoding !== 'Base64Binary')
    throw new BregmaError(
      'bad-input',
      `${name} has the encoding '${encoding.slice(0, 40)}', which GIFTI does not know.`,
      {
        next: 'Write it again: ASCII, Base64Binary or GZipBase64Binary.',
      },
    );
  const raw = Buffer.from(text, 'base64');
  if (!isZipped) return raw;
  try {
    return inflateSync(raw, { maxOutputLength: Math.max(1, needed) });
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}

/** The file of values that a GIFTI file names, beside it or below and inside the reading policy. */
function besideIt(file: string, named: string, kit: FormatKit): string {
  const folder = path.dirname(file);
  const place = path.resolve(folder, named);
  if (named !== '' && !path.isAbsolute(named) && !path.relative(folder, place).startsWith('..'))
    return kit.resolve(place);
  throw new BregmaError(
    'not-allowed',
    `${path.basename(file)} has its values in '${named.slice(0, 200)}', outside its own folder: it is not read.`,
    {
      next: 'Put the file of values beside it, and name it there without a folder.',
    },
  );
}
