import { BregmaError } from '@bregma/core/errors';
import type { ElementName } from './elements.ts';

/** What the header of an NRRD file says (teem.sourceforge.net/nrrd/format.html). */
export interface NrrdHeader {
  /** Lengths of the axes, the fastest first. */
  sizes: number[];
  element: ElementName;
  bigEndian: boolean;
  encoding: 'raw' | 'gzip' | 'text' | 'hex';
  /** A name that the header gives for the file with the values; undefined: they follow the header. */
  dataFile?: string;
  lineSkip: number;
  /** Bytes to leave out after inflating; −1: the values are the last bytes of a raw file. */
  byteSkip: number;
  /** One word an axis, as in `kinds`; `labels` come first. */
  kinds: (string | undefined)[];
  labels: (string | undefined)[];
  units: (string | undefined)[];
  spacings: (number | undefined)[];
  /** Where the coordinates grow to, as in RAS; '' when the file names no anatomical space. */
  axes: string;
  space?: string;
  spaceUnit?: string;
  /** A vector for each axis, undefined for one that is not of space. */
  directions?: (number[] | undefined)[];
  origin?: number[];
  sampleUnit?: string;
  content?: string;
  /** Bytes of the header, with the empty line. */
  length: number;
}

const types: Record<string, ElementName> = {};
for (const [element, names] of [
  ['i1', 'signed char,int8,int8_t'],
  ['u1', 'uchar,unsigned char,uint8,uint8_t'],
  ['i2', 'short,short int,signed short,signed short int,int16,int16_t'],
  ['u2', 'ushort,unsigned short,unsigned short int,uint16,uint16_t'],
  ['i4', 'int,signed int,int32,int32_t'],
  ['u4', 'uint,unsigned int,uint32,uint32_t'],
  ['i8', 'longlong,long long,long long int,signed long long,signed long long int,int64,int64_t'],
  ['u8', 'ulonglong,unsigned long long,unsigned long long int,uint64,uint64_t'],
  ['f4', 'float'],
  ['f8', 'double'],
] as const)
  for (const name of names.split(',')) types[name] = element;

const encodings: Record<string, NrrdHeader['encoding']> = {
  raw: 'raw',
  gzip: 'gzip',
  gz: 'gzip',
  text: 'text',
  txt: 'text',
  ascii: 'text',
  hex: 'hex',
};

const spaces: Record<string, string> = {
  'right-anterior-superior': 'RAS',
  ras: 'RAS',
  'left-anterior-superior': 'LAS',
  las: 'LAS',
  'left-posterior-superior': 'LPS',
  lps: 'LPS',
};

/** Longest header that is read: an honest one has some hundred bytes. */
export const longestNrrdHeader = 1 << 20;

/** Reads a header. head: the file's first `longestNrrdHeader` bytes, or all. Throws `bad-input` when it is none or of a kind that is not read. */
export function nrrdHeader(head: Buffer, name: string): NrrdHeader {
  const magic = /^NRRD000(\d)\r?\n/.exec(head.toString('latin1', 0, 12));
  if (!magic || Number(magic[1]) < 1 || Number(magic[1]) > 5)
    throw new BregmaError('bad-input', `${name} is no NRRD file of version 1 to 5: it does not begin with NRRD000.`, {
      next: 'Check the file; .nrrd and .nhdr are read.',
    });
  const { fields, length } = fieldsOf(head, name);
  const need = (field: string) => {
    const value = fields.get(field);
    if (value !== undefined) return value;
    throw new BregmaError('corrupt', `${name} has no field '${field}' in its header.`, {
      next: 'Write the file again.',
    });
  };
  const dimension = Number(need('dimension'));
  const sizes = need('sizes').split(/\s+/).map(Number);
  if (!(dimension >= 1 && dimension <= 16) || sizes.length !== dimension)
    throw new BregmaError(
      'corrupt',
      `${name} says that it has ${fields.get('dimension')} axes and gives ${sizes.length} lengths.`,
      {
        next: 'Write the file again.',
      },
    );
  const element = types[need('type').toLowerCase()];
  if (!element)
    throw notRead(name, `values of type '${need('type').slice(0, 40)}'`, 'Save it as numbers of 8 to 64 bits.');
  const encoding = encodings[need('encoding').toLowerCase()];
  if (!encoding)
    throw notRead(
      name,
      `the encoding '${need('encoding').slice(0, 40)}'`,
      'Save it with the encoding gzip or raw: unu save -f nrrd -e gzip.',
    );
  const endian = fields.get('endian')?.toLowerCase();
  if (endian !== 'little' && endian !== 'big' && element[1] !== '1' && (encoding === 'raw' || encoding === 'gzip'))
    throw new BregmaError('corrupt', `${name} does not say its byte order: field 'endian'.`, {
      next: 'Write the file again.',
    });
  const words = (field: string) =>
    listOf(fields.get(field)).map((word) => (/^(\?\?\?|none|)$/.test(word) ? undefined : word));
  const space = fields.get('space');
  const skip = (field: string) => Number(fields.get(field) ?? 0);
  if (
    !Number.isInteger(skip('byte skip')) ||
    skip('byte skip') < -1 ||
    !Number.isInteger(skip('line skip')) ||
    skip('line skip') < 0
  )
    throw new BregmaError('corrupt', `${name} has a line skip or byte skip that is no count.`, {
      next: 'Write the file again.',
    });
  return {
    sizes,
    element,
    bigEndian: endian === 'big',
    encoding,
    dataFile: fields.get('data file') ?? fields.get('datafile'),
    lineSkip: skip('line skip'),
    byteSkip: skip('byte skip'),
    kinds: words('kinds'),
    labels: words('labels'),
    units: words('units'),
    spacings: listOf(fields.get('spacings')).map((word) => (/^nan$/i.test(word) ? undefined : Number(word))),
    axes: spaces[space?.toLowerCase().replace(/-time$|t$/, '') ?? ''] ?? '',
    space,
    spaceUnit: listOf(fields.get('space units'))[0],
    directions: vectors(fields.get('space directions'), name),
    origin: vectors(fields.get('space origin'), name)?.[0],
    sampleUnit: fields.get('sample units'),
    content: fields.get('content'),
    length,
  };
}

/** `field: value` lines up to the empty one; comments and `key:=value` are no fields. */
function fieldsOf(head: Buffer, name: string): { fields: Map<string, string>; length: number } {
  const fields = new Map<string, string>();
  for (let at = 0; ; ) {
    const end = head.indexOf(10, at);
    // A detached header may end with its last line.
    const isLast = end < 0;
    if (isLast && head.length === longestNrrdHeader)
      throw new BregmaError('corrupt', `${name} has a header without an end.`, { next: 'Copy the file again.' });
    const line = head.toString('utf8', at, isLast ? head.length : end).replace(/\r$/, '');
    if (line === '') return { fields, length: isLast ? head.length : end + 1 };
    const [, field, value] = /^([a-z][a-z ]*): (.*)$/i.exec(line) ?? [];
    if (field && !line.startsWith('#') && !/^[^:]*:=/.test(line)) fields.set(field.toLowerCase().trim(), value.trim());
    if (isLast) return { fields, length: head.length };
    at = end + 1;
  }
}

/** Words between blanks; those between quotation marks are one. */
const listOf = (text: string | undefined): string[] =>
  [...(text ?? '').matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

/** `(1,0,0) none (0,1,0)`; undefined where there are none. */
function vectors(text: string | undefined, name: string): (number[] | undefined)[] | undefined {
  if (text === undefined) return undefined;
  return [...text.matchAll(/none|\(([^()]*)\)/gi)].map(([, inner]) => {
    if (inner === undefined) return undefined;
    const values = inner.split(',').map((part) => Number(part.trim()));
    if (values.every((value) => Number.isFinite(value))) return values;
    // NaN stands for an axis without direction in files of older versions.
    if (values.every((value) => Number.isNaN(value))) return undefined;
    throw new BregmaError('corrupt', `${name} has the vector (${inner.slice(0, 60)}), which is none.`, {
      next: 'Write the file again.',
    });
  });
}

const notRead = (name: string, what: string, next: string) =>
  new BregmaError('bad-input', `${name} has ${what}, which is not read.`, { next });
