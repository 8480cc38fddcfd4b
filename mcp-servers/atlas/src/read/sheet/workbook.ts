import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { insteadOfWorkbook, zipOfOtherKind } from './no-workbook.ts';
import { attribute, resolveEntities, XmlReader } from './xml.ts';
import { NoZip, Zip } from './zip.ts';

/** What a number of a cell is by its format; whole: shown without decimals. */
export type NumberKind = 'number' | 'whole' | 'date' | 'time' | 'duration';

/** A sheet: its name, and the file in the workbook that holds it. */
export interface SheetPart {
  name: string;
  part: string;
  hidden: boolean;
}

/** A workbook whose sheets are read when they are asked for. */
export interface Workbook {
  zip: Zip;
  sheets: SheetPart[];
  /** Texts that cells name by their place. */
  strings: string[];
  /** By number of a cell's style. */
  kinds: NumberKind[];
  /** Days count from 1904. */
  since1904: boolean;
  /** The file asks to be calculated when it is opened, as programs do that write formulas and do not calculate. */
  isUncalculated: boolean;
}

/** Characters of a cell: Excel allows 32,767, here with entities. */
export const longestValue = 1 << 20;
/** Most characters of the shared texts. */
const mostCharacters = 1e9;

/** Opens a workbook. Throws `corrupt` when it cannot be read. The caller closes its zip. */
export async function openWorkbook(file: string): Promise<Workbook> {
  let zip: Zip | undefined;
  try {
    zip = new Zip(file);
    const main = await mainPart(zip);
    const parts = await relations(zip, main);
    const { sheets, since1904, isUncalculated } = await readMain(zip, main, parts);
    const other = (type: string) => [...parts.values()].find((part) => part.type.endsWith(`/${type}`))?.target;
    const [strings, styles] = [other('sharedStrings'), other('styles')];
    return {
      zip,
      sheets,
      since1904,
      isUncalculated,
      strings: strings !== undefined && zip.has(strings) ? await readStrings(zip, strings) : [],
      kinds: styles !== undefined && zip.has(styles) ? await readKinds(zip, styles) : [],
    };
  } catch (error) {
    zip?.close();
    throw unreadable(file, error);
  }
}

/** An error that a workbook cannot be read: what it is instead, or the reason. */
export function unreadable(file: string, error: unknown): BregmaError {
  if (error instanceof BregmaError && error.code !== 'corrupt')
    return error.message.startsWith('it is ')
      ? new BregmaError('bad-input', `${path.basename(file)}: ${error.message}, and no XLSX.`, { next: error.next })
      : error;
  const why = error instanceof Error ? error.message : String(error);
  const instead = error instanceof NoZip ? insteadOfWorkbook(file) : undefined;
  if (instead?.what.includes('before 2007'))
    return new BregmaError(
      'corrupt',
      `${path.basename(file)} is a workbook of Excel before 2007, or one with a password.`,
      { next: 'Save it as .xlsx without a password, or the sheet as CSV (UTF-8).' },
    );
  if (instead)
    return new BregmaError('corrupt', `${path.basename(file)} is no XLSX workbook: it is ${instead.what}.`, {
      next: instead.next,
    });
  return new BregmaError(
    'corrupt',
    `${path.basename(file)} is no readable Excel workbook: ${why.replace(/\.$/, '')}.`,
    {
      next: 'Save it again as .xlsx.',
    },
  );
}

/** Reads a part of a workbook as XML events. */
export async function readXml(
  zip: Zip,
  part: string,
  events: Partial<ConstructorParameters<typeof XmlReader>[0]>,
): Promise<void> {
  const reader = new XmlReader({ open: () => {}, close: () => {}, text: () => {}, doctype: noWorkbook, ...events });
  const decoder = new TextDecoder();
  for await (const chunk of zip.bytes(part)) reader.push(decoder.decode(chunk, { stream: true }));
  reader.push(decoder.decode());
  reader.end();
}

/** Office Open XML has no document type (ECMA-376 part 2, 8.1.4): what its entities stand for would be left out. */
function noWorkbook(): never {
  throw new Error('its XML declares a document type, which no workbook does');
}

async function mainPart(zip: Zip): Promise<string> {
  const root = await relations(zip, '');
  const main = [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml';
  if (!zip.has(main)) throw zipOfOtherKind((part) => zip.has(part));
  return main;
}

async function relations(zip: Zip, part: string): Promise<Map<string, { type: string; target: string }>> {
  const folder = path.posix.dirname(part);
  const list = path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`);
  const found = new Map<string, { type: string; target: string }>();
  if (!zip.has(list)) return found;
  await readXml(zip, list, {
    open(name, tag) {
      if (name !== 'Relationship') return;
      const target = attribute(tag, 'Target') ?? '';
      const place = target.startsWith('/') ? target.slice(1) : path.posix.join(folder, target);
      found.set(attribute(tag, 'Id') ?? '', { type: attribute(tag, 'Type') ?? '', target: place });
    },
  });
  return found;
}

async function readMain(zip: Zip, main: string, parts: Map<string, { target: string; type: string }>) {
  const sheets: SheetPart[] = [];
  let [since1904, isUncalculated] = [false, false];
  await readXml(zip, main, {
    open(name, tag) {
      if (name === 'workbookPr') since1904 = ['1', 'true'].includes(attribute(tag, 'date1904') ?? '');
      if (name === 'calcPr') isUncalculated = ['1', 'true'].includes(attribute(tag, 'fullCalcOnLoad') ?? '');
      if (name !== 'sheet') return;
      const relation = parts.get(attribute(tag, 'r:id') ?? attribute(tag, 'id') ?? '');
      // A chart sheet has no cells.
      if (!relation?.type.endsWith('/worksheet') || !zip.has(relation.target)) return;
      if (sheets.some(({ part }) => part === relation.target))
        throw new Error(`two of its sheets are one: ${relation.target}`);
      const state = attribute(tag, 'state');
      sheets.push({
        name: attribute(tag, 'name') ?? '',
        part: relation.target,
        hidden: state !== undefined && state !== 'visible',
      });
    },
  });
  return { sheets, since1904, isUncalculated };
}

/** Texts of a run are joined; readings above signs (rPh) are no part of them. */
async function readStrings(zip: Zip, part: string): Promise<string[]> {
  const strings: string[] = [];
  let [text, inside, reading, total] = ['', false, false, 0];
  await readXml(zip, part, {
    open(name, _tag, closed) {
      if (name === 'si') {
        text = '';
        if (closed) strings.push('');
      } else if (name === 'rPh') reading = !closed;
      else if (name === 't') inside = !closed && !reading;
    },
    close(name) {
      if (name === 't') inside = false;
      else if (name === 'rPh') reading = false;
      else if (name === 'si') {
        total += text.length;
        if (total > mostCharacters)
          throw new BregmaError('too-large', `The texts of ${part} are longer than ${mostCharacters} characters.`);
        strings.push(plainText(text));
      }
    },
    text(piece) {
      if (!inside) return;
      text += piece;
      if (text.length > longestValue)
        throw new BregmaError('too-large', `A text of ${part} is longer than Excel allows in a cell.`);
    },
  });
  return strings;
}

/** Text of a cell: XML's entities, and _x000D_ for characters that XML has none for (ECMA-376, ST_Xstring). */
export function plainText(escaped: string): string {
  const text = resolveEntities(escaped);
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

async function readKinds(zip: Zip, part: string): Promise<NumberKind[]> {
  const formats = new Map<number, string>();
  const kinds: NumberKind[] = [];
  let inside = false;
  await readXml(zip, part, {
    open(name, tag, closed) {
      if (name === 'numFmt') formats.set(Number(attribute(tag, 'numFmtId')), attribute(tag, 'formatCode') ?? '');
      else if (name === 'cellXfs') inside = !closed;
      else if (name === 'xf' && inside) {
        const id = Number(attribute(tag, 'numFmtId') ?? 0);
        const format = formats.get(id);
        kinds.push(format === undefined ? builtIn(id) : kindOfFormat(format));
      }
    },
    close(name) {
      if (name === 'cellXfs') inside = false;
    },
  });
  return kinds;
}

/** Formats that have a number and no code in the file: ECMA-376 part 1, 18.8.30. */
function builtIn(id: number): NumberKind {
  if (id === 1) return 'whole';
  if (id === 46) return 'duration';
  if ((id >= 18 && id <= 21) || id === 45 || id === 47) return 'time';
  if ((id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return 'date';
  return 'number';
}

/** What a format shows: [h]:mm is a duration, h:mm a time of day, yyyy-mm-dd a date. Text in quotes and after \ counts for nothing. */
export function kindOfFormat(format: string): NumberKind {
  if (format === '0') return 'whole';
  const [first] = format.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';');
  if (/\[(?:h+|m+|s+)\]/i.test(first)) return 'duration';
  const code = first.replace(/\[[^\]]*\]/g, '').replace(/general|AM\/PM|A\/P/gi, '');
  if (/[yd]/i.test(code)) return 'date';
  if (/[hs]/i.test(code)) return 'time';
  return /m/i.test(code) ? 'date' : 'number';
}
