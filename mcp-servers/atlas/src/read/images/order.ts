import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';

/** How files stand in a row: `natural` and refused when in doubt; `name` by code points; `file` as the archive lists them; or the names themselves. */
export type OrderWish = 'natural' | 'name' | 'file' | string[] | undefined;

/** Positions in the list of names that was given, in the order that was found, and that order in words. */
export interface FoundOrder {
  positions: number[];
  said: string;
}

/** A whole number, kept as digits: numbers of any length compare exactly. */
interface Amount {
  negative: boolean;
  /** Digits before the decimal sign without leading zeros, and after it without trailing ones. */
  whole: string;
  fraction: string;
}
type Token = string | Amount;

/** How a dot or comma between digits is read: as a decimal sign, or as what parts two numbers. */
type Reading = { dot: 'decimal' | 'parts'; comma: 'decimal' | 'parts' };

const chain = /\d+(?:[.,]\d+)*/g;
const signs = '+-−';

/**
 * The natural order of file names: folder by folder, text before text by the alphabet, numbers by their amount, with decimals and
 * signs. Throws `bad-input` with the orders that are possible when two names have one place, when names follow different schemes,
 * or when dots or commas between digits can be read in two ways. forced: names of different schemes are put in a row all the same.
 */
export function naturalOrder(names: string[], from: string, forced = false): FoundOrder {
  const stems = names.map((name) => name.normalize('NFC').replace(/\.[^./]+$/, ''));
  const signed = signedPlaces(stems);
  const orders = readings(stems).map((reading) => sorted(stems, reading, signed));
  const [first, ...others] = orders;
  if (!forced) {
    const mixed = mixedScheme(names, first.tokens);
    if (mixed) throw doubt(from, mixed, candidates(names, orders));
    if (others.some(({ positions }) => positions.join() !== first.positions.join()))
      throw doubt(
        from,
        'a dot or comma between digits can part two numbers or be a decimal sign',
        candidates(names, orders),
      );
  }
  const tie = first.positions.findIndex(
    (at, i) => i > 0 && compare(first.tokens[first.positions[i - 1]], first.tokens[at]) === 0,
  );
  if (tie > 0)
    throw doubt(
      from,
      `${names[first.positions[tie - 1]]} and ${names[first.positions[tie]]} have one place`,
      candidates(names, orders),
    );
  return { positions: first.positions, said: 'natural order of the names' };
}

/** The order that a person asked for. archived: whether the list of names has an order of its own, as in a zip. */
export function orderOf(names: string[], wish: OrderWish, from: string, archived: boolean): FoundOrder {
  if (Array.isArray(wish))
    return { positions: placesOf(wish, names, from), said: 'order of the names that were given' };
  if (wish === undefined || wish === 'natural') return naturalOrder(names, from, wish === 'natural');
  if (wish === 'name')
    return { positions: byCodePoint(names), said: 'alphabetical order of the names, character by character' };
  if (!archived)
    throw new BregmaError('bad-input', `${from} is a folder: its files have no order of their own.`, {
      next: 'Leave options.order out, or give "name", a list of names, or a CSV of name,index.',
    });
  return { positions: names.map((_, i) => i), said: 'order of the files in the archive' };
}

/** Where each wanted name stands; a name may be wanted again. A name is the whole path, the file name, or that without its ending. */
export function placesOf(wanted: string[], names: string[], from: string): number[] {
  const places = new Map<string, number[]>();
  names.forEach((name, i) => {
    const base = name.slice(name.lastIndexOf('/') + 1);
    for (const key of new Set([name, base, base.replace(/\.[^.]+$/, '')])) {
      const known = places.get(key);
      if (known) known.push(i);
      else places.set(key, [i]);
    }
  });
  return wanted.map((name) => {
    const found = places.get(name) ?? [];
    if (found.length === 1) return found[0];
    if (found.length === 0)
      throw unknownName('image', name, nearest(name, names), `${from} holds ${names.length} images.`);
    throw new BregmaError('bad-input', `'${name}' names ${found.length} images: ${some(found.map((i) => names[i]))}.`, {
      next: 'Write the path inside the archive or folder.',
    });
  });
}

const byCodePoint = (names: string[]): number[] =>
  names.map((_, i) => i).sort((a, b) => (names[a] < names[b] ? -1 : names[a] > names[b] ? 1 : 0));

function sorted(stems: string[], reading: Reading, signed: Set<string>): { positions: number[]; tokens: Token[][][] } {
  const tokens = stems.map((stem) => stem.split('/').map((segment) => tokensOf(segment, reading, signed)));
  const positions = stems.map((_, i) => i).sort((a, b) => compare(tokens[a], tokens[b]) || a - b);
  return { positions, tokens };
}

function tokensOf(segment: string, reading: Reading, signed: Set<string>): Token[] {
  const tokens: Token[] = [];
  let text = '';
  let from = 0;
  for (const { index, 0: digits } of segment.matchAll(chain)) {
    text += segment.slice(from, index);
    const sign = isSign(segment, index - 1, signed);
    if (sign) text = text.slice(0, -1);
    for (const [i, part] of partsOf(digits, reading).entries()) {
      if (i > 0) text = '.';
      if (text) tokens.push(text.toLowerCase());
      text = '';
      const [whole, fraction = ''] = part;
      tokens.push({
        negative: i === 0 && sign && segment[index - 1] !== '+',
        whole: whole.replace(/^0+/, ''),
        fraction: fraction.replace(/0+$/, ''),
      });
    }
    from = index + digits.length;
  }
  text += segment.slice(from);
  if (text) tokens.push(text.toLowerCase());
  return tokens;
}

/** `22.5` as one number of a whole and a fraction, `1.2.3` as three. */
function partsOf(digits: string, { dot, comma }: Reading): [string, string?][] {
  const sections = digits.split(comma === 'parts' ? ',' : /(?!)/);
  return sections.flatMap((section): [string, string?][] => {
    const pieces = section.split(/[.,]/);
    if (pieces.length === 2 && (section.includes(',') || dot === 'decimal')) return [[pieces[0], pieces[1]]];
    return pieces.map((piece) => [piece]);
  });
}

/** The readings that the names allow, the most likely first. */
function readings(stems: string[]): Reading[] {
  const chains = stems.flatMap((stem) => [...stem.matchAll(chain)].map(([digits]) => digits));
  const dotted = chains.filter((digits) => /^\d+\.\d+$/.test(digits)).map((digits) => digits.split('.')[1]);
  const several = chains.some((digits) => (digits.match(/\./g) ?? []).length > 1);
  // Who writes decimals pads all or none: 1.2 beside 1.10 counts parts.
  const padded =
    dotted.some((part) => part.endsWith('0') && part.length > 1) && new Set(dotted.map((part) => part.length)).size > 1;
  const dots: Reading['dot'][] = several ? ['parts'] : padded ? ['decimal', 'parts'] : ['decimal'];
  const commas: Reading['comma'][] = chains.some((digits) => digits.includes(',')) ? ['parts', 'decimal'] : ['parts'];
  return dots.flatMap((dot) => commas.map((comma) => ({ dot, comma })));
}

/** What stands before a number, with the numbers in it taken out: `x_-10_y` and `x_5_y` are one place. */
const placeOf = (text: string) => text.replace(/[-+−]?\d+(?:[.,]\d+)*/g, '#').toLowerCase();

/** Places at which some name has a number without a sign: a dash before a number at such a place is a minus. */
function signedPlaces(stems: string[]): Set<string> {
  const places = new Set<string>();
  for (const segment of stems.flatMap((stem) => stem.split('/')))
    for (const { index } of segment.matchAll(chain)) places.add(placeOf(segment.slice(0, index)));
  return places;
}

function isSign(segment: string, at: number, signed: Set<string>): boolean {
  if (at < 0 || !signs.includes(segment[at])) return false;
  const before = segment[at - 1];
  if (segment[at] === '−' || before === undefined || '_=([,+'.includes(before)) return true;
  return !/\d/.test(before) && signed.has(placeOf(segment.slice(0, at)));
}

function compare(a: Token[][], b: Token[][]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === undefined || b[i] === undefined) return a[i] === undefined ? -1 : 1;
    // A file stands before the folders beside it.
    const file = Number(i < a.length - 1) - Number(i < b.length - 1);
    if (file !== 0) return file;
    const order = compareSegments(a[i], b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegments(a: Token[], b: Token[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (typeof left !== typeof right) return typeof left === 'string' ? 1 : -1;
    const order =
      typeof left === 'string' || typeof right === 'string'
        ? byText(String(left), String(right))
        : byAmount(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function byAmount(a: Amount, b: Amount): number {
  const zero = ({ whole, fraction }: Amount) => whole === '' && fraction === '';
  const [left, right] = [a.negative && !zero(a), b.negative && !zero(b)];
  if (left !== right) return left ? -1 : 1;
  const order = a.whole.length - b.whole.length || byText(a.whole, b.whole) || byText(a.fraction, b.fraction);
  return left ? -order : order;
}

/** Two names in one folder that follow different schemes, or a file beside folders, in words. */
function mixedScheme(names: string[], tokens: Token[][][]): string | undefined {
  const schemes = new Map<string, { scheme: string; name: string }>();
  const folders = new Set(names.flatMap((name) => ancestors(name)));
  for (const [i, name] of names.entries()) {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    const scheme = (tokens[i].at(-1) ?? []).map((token) => (typeof token === 'string' ? 'text' : 'number')).join(' ');
    const known = schemes.get(folder);
    if (known && known.scheme !== scheme) return `${known.name} and ${name} are named by different schemes`;
    schemes.set(folder, { scheme, name });
  }
  for (const [folder, { name }] of schemes) if (folders.has(folder)) return `${name} lies beside folders of images`;
  return undefined;
}

/** The folders that hold a folder of this file: `a/b/1.png` gives `` and `a/`. */
function ancestors(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, i) =>
    parts
      .slice(0, i)
      .map((part) => `${part}/`)
      .join(''),
  );
}

function candidates(names: string[], orders: { positions: number[] }[]): string {
  const all = [...orders.map(({ positions }) => positions), byCodePoint(names)];
  const texts = all.map(
    (positions, i) => `${i < orders.length ? '"natural"' : '"name"'}: ${some(positions.map((at) => names[at]))}`,
  );
  return [...new Set(texts)].join('; ');
}

function doubt(from: string, why: string, orders: string): BregmaError {
  return new BregmaError(
    'bad-input',
    `The order of the images of ${from} is not sure: ${why}. Possible are ${orders}.`,
    {
      next: 'Say it in options.order: "natural", "name", "file" (as a zip lists them), a list of the names, or a CSV of name,index.',
    },
  );
}

/** The first names of a list, and how many more there are. */
export function some(names: string[], most = 6): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, … (${names.length})` : shown;
}
