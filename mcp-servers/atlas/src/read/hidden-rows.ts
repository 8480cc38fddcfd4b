import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { readThrift, type Thrift, type ThriftStruct, thriftAt } from '@bregma/readers/thrift';
import { type OpenedFile, openRegular } from './regular-file.ts';

/**
 * Refuses a Parquet file whose pages hold more rows than its footer tells of: DuckDB reads what the footer tells, and would leave the rest
 * out without a word; also where pages lie in the file of which the footer tells nothing, as those of a row group that it leaves out.
 * What is no Parquet file, or has pages that cannot be followed, is left to DuckDB. Numbers of fields: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 * only: the columns of which the file has the bytes; what lies outside them is not looked at. Throws `corrupt`.
 */
export function refuseHiddenRows(file: string, only?: ReadonlySet<string>): void {
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    const footer = footerOf(opened);
    if (!footer) return;
    const flat = flatColumns(footer);
    const groups = structsOf(footer, 4);
    const rows = groups.map((group) => numberOf(group, 3));
    const [claimed, inGroups] = [numberOf(footer, 3), rows.reduce((sum, one) => sum + one, 0)];
    if (claimed < inGroups) throw hidden(file, `its footer tells of ${claimed} rows, its row groups of ${inGroups}`);
    for (const [i, group] of groups.entries())
      for (const chunk of structsOf(group, 1)) {
        const about = structAt(chunk, 3);
        if (!about || (only && !only.has(namesOf(about, 3)[0]))) continue;
        const name = namesOf(about, 3).join('.');
        const most = flat.has(name) ? Math.min(rows[i], numberOf(about, 5)) : numberOf(about, 5);
        const found = valuesIn(opened, about);
        if (found > most)
          throw hidden(file, `row group ${i + 1} has ${found} values of ${name}, of which it tells ${most}`);
      }
    const untold = only ? undefined : pageOutside(opened, groups);
    if (untold !== undefined) throw hidden(file, `at byte ${untold} lie values of which its footer tells nothing`);
  } finally {
    opened.close();
  }
}

/** Where the pages of each column lie, a chunk a row group, as the footer tells; undefined where there is none that can be read. */
export function columnChunks(opened: OpenedFile): { column: string; from: number; bytes: number }[] | undefined {
  const footer = footerOf(opened);
  return footer && structsOf(footer, 4).flatMap((group) => structsOf(group, 1).flatMap(chunkOf));
}

function chunkOf(chunk: ThriftStruct): { column: string; from: number; bytes: number }[] {
  const about = structAt(chunk, 3);
  return about ? [{ column: namesOf(about, 3)[0] ?? '', from: firstPage(about), bytes: numberOf(about, 7) }] : [];
}

/** Where the first page of a column's chunk lies: that of its dictionary, where it has one. */
function firstPage(about: ThriftStruct): number {
  const [data, dictionary] = [numberOf(about, 9), numberOf(about, 11)];
  return dictionary > 0 && dictionary < data ? dictionary : data;
}

const hidden = (file: string, what: string) =>
  new BregmaError('corrupt', `${path.basename(file)} holds more than it says: ${what}.`, {
    next: 'Write it again from its source: read as it is, rows would be left out.',
  });

function footerOf(opened: OpenedFile): ThriftStruct | undefined {
  const tail = opened.read(Math.max(0, opened.size - 8), 8);
  if (tail.length < 8 || tail.toString('latin1', 4) !== 'PAR1') return undefined;
  const length = tail.readUInt32LE(0);
  if (length > opened.size - 12) return undefined;
  return parsed(() => readThrift(opened.read(opened.size - 8 - length, length)));
}

/** Columns of which each row has one value: not repeated, and in no structure. */
function flatColumns(footer: ThriftStruct): Set<string> {
  const repeated = 2;
  const elements = structsOf(footer, 2).filter((element) => numberOf(element, 3) !== repeated);
  return new Set(elements.map((element) => textOf(element.fields.get(4)?.value)));
}

/** First byte of a page of values in what no column and no index of the footer covers; undefined where there is none. */
function pageOutside(opened: OpenedFile, groups: ThriftStruct[]): number | undefined {
  const told = groups.flatMap((group) => structsOf(group, 1).flatMap(coveredBy)).sort(([a], [b]) => a - b);
  const footer = opened.size - 8 - opened.read(opened.size - 8, 4).readUInt32LE(0);
  let at = 'PAR1'.length;
  for (const [from, length] of [...told, [footer, 0]]) {
    if (from > at && isPageOfValues(opened, at, from)) return at;
    at = Math.max(at, from + length);
  }
  return undefined;
}

/** [first byte, bytes] of the pages of a column's chunk, of its indices, and of its Bloom filter. */
function coveredBy(chunk: ThriftStruct): [number, number][] {
  const about = structAt(chunk, 3);
  const parts: [number, number][] = [
    [numberOf(chunk, 4), numberOf(chunk, 5)],
    [numberOf(chunk, 6), numberOf(chunk, 7)],
  ];
  if (about) parts.push([firstPage(about), numberOf(about, 7)], [numberOf(about, 14), numberOf(about, 15)]);
  return parts.filter(([from]) => from > 0);
}

/** Whether a page of data or a dictionary begins here and ends before `end`. */
function isPageOfValues(opened: OpenedFile, at: number, end: number): boolean {
  const page = pageAt(opened, at);
  const type = page && numberOf(page.read, 1);
  if (!page || type === undefined || !(isPageOfData(type) || type === pageOfDictionary)) return false;
  const about = structAt(page.read, 5) ?? structAt(page.read, 7) ?? structAt(page.read, 8);
  const bytes = numberOf(page.read, 3);
  return about !== undefined && numberOf(about, 1) > 0 && bytes > 0 && at + page.length + bytes <= end;
}

const pageOfDictionary = 2;

/** Bytes that are read for the header of a page, and when these do not hold it. */
const headerBytes = [256, 1 << 16];
const isPageOfData = (type: number) => type === 0 || type === 3;

/** Values that the pages of a column's chunk hold, as far as they can be followed. */
function valuesIn(opened: OpenedFile, about: ThriftStruct): number {
  let at = firstPage(about);
  const end = at + numberOf(about, 7);
  let values = 0;
  while (at > 0 && at < end) {
    const page = pageAt(opened, at);
    if (!page) break;
    const held = structAt(page.read, 5) ?? structAt(page.read, 8);
    if (held && isPageOfData(numberOf(page.read, 1))) values += numberOf(held, 1);
    at += page.length + Math.max(0, numberOf(page.read, 3));
  }
  return values;
}

function pageAt(opened: OpenedFile, at: number): ReturnType<typeof thriftAt> | undefined {
  for (const bytes of headerBytes) {
    const page = parsed(() => thriftAt(opened.read(at, bytes)));
    if (page) return page;
  }
  return undefined;
}

function parsed<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const numberOf = ({ fields }: ThriftStruct, field: number): number => {
  const value = fields.get(field)?.value;
  return typeof value === 'bigint' ? Number(value) : 0;
};
const structAt = ({ fields }: ThriftStruct, field: number): ThriftStruct | undefined => {
  const value = fields.get(field)?.value;
  return isStruct(value) ? value : undefined;
};
const itemsOf = ({ fields }: ThriftStruct, field: number): Thrift[] => {
  const value = fields.get(field)?.value;
  return typeof value === 'object' && 'items' in value ? value.items : [];
};
const structsOf = (owner: ThriftStruct, field: number) => itemsOf(owner, field).filter(isStruct);
const namesOf = (owner: ThriftStruct, field: number) => itemsOf(owner, field).map(textOf);
const textOf = (value: Thrift | undefined) => (Buffer.isBuffer(value) ? value.toString() : '');

function isStruct(value: Thrift | undefined): value is ThriftStruct {
  return typeof value === 'object' && 'fields' in value;
}
