import path from 'node:path';
import { cutAll, type Dialect, type TextRecord } from './records.ts';
import { isNumber } from './words.ts';

/** What separates the values of a file, and how sure that is. */
export interface SeparatorChoice {
  separator: string;
  /** Others that cut the file as evenly, or a sentence about a doubt. */
  doubt?: string;
}

/** In the order in which one is believed where two cut a file equally well: commas are common inside values. */
const candidates = ['\t', ';', '|', ',', 'blanks'];

/** Nothing is cut at them unless a person says so. */
const rareSeparators = [':', '^', '~', '!', '\x01', '\x1f', '§', '¦'];

/** How a separator is called in sentences and options. */
export const separatorName = (separator: string) =>
  ({ '\t': 'tab', ',': 'comma', ';': 'semicolon', '|': 'bar', blanks: 'blanks', '': 'none: one column' })[separator] ??
  `'${separator}'`;

/**
 * The separator that cuts the most records into equally many values, more than one. sample: text after title and comment lines
 * or with them; cut: its last record may not be whole.
 */
export function chooseSeparator(
  sample: string,
  file: string,
  quoting: Pick<Dialect, 'quote' | 'escape'>,
  cut: boolean,
): SeparatorChoice {
  const found = candidates
    .filter((separator) => (separator === 'blanks' ? /[ \t]/.test(sample) : sample.includes(separator)))
    .map((separator) => rate(sample, { separator, ...quoting, comment: '' }, cut))
    .filter((rating) => rating.width > 1);
  if (/\.tsv(\.gz)?$/i.test(file) && found.some(({ separator }) => separator === '\t')) return { separator: '\t' };
  const believed = found.filter((rating) => rating.separator !== 'blanks' || blanksSeparate(rating, file));
  const best = believed.sort((a, b) => b.share - a.share)[0];
  if (!best) {
    const blank = found.find(({ separator, share }) => separator === 'blanks' && share === 1);
    const other = rareSeparators.find((separator) => {
      const { width, share, records } = rate(sample, { separator, ...quoting, comment: '' }, cut);
      return width > 1 && share === 1 && records.length > 1;
    });
    return {
      separator: '',
      doubt:
        (blank && 'every line could also be cut at its blanks') ||
        (other && `every line could also be cut at ${separatorName(other)}, with the option`) ||
        (hasFixedWidths(sample)
          ? 'most lines have columns of blanks inside, as tables of fixed widths do, which are not cut: save it with commas or tabs'
          : undefined),
    };
  }
  const rivals = believed.filter(
    (rating) => rating !== best && rating.share === best.share && rating.share === 1 && !cutsAlike(best, rating),
  );
  return {
    separator: best.separator,
    doubt:
      rivals.length > 0
        ? `${rivals.map(({ separator }) => separatorName(separator)).join(' and ')} would also cut every line evenly`
        : undefined,
  };
}

/** Whether most lines have two or more blanks between words, beginning or ending where those of the first line do. */
function hasFixedWidths(sample: string): boolean {
  const lines = sample.split(/\r\n|\n|\r/, 200).filter((line) => line.trim() !== '');
  const edges = lines.map((line) => new Set([...line.matchAll(/(?<=\S) {2,}(?=\S)/g)].flatMap(edgesOf)));
  const aligned = edges.filter((places) => [...places].some((place) => edges[0].has(place)));
  return lines.length > 2 && aligned.length > 0.5 * lines.length;
}

/** Where a run of blanks begins, and where what follows it does; told apart, because columns are aligned on one side. */
const edgesOf = ({ 0: run, index }: RegExpExecArray): string[] => [`ends ${index}`, `starts ${index + run.length}`];

interface Rating {
  separator: string;
  /** Values of most records. */
  width: number;
  /** Of the records that have so many. */
  share: number;
  records: TextRecord[];
}

/** Whether cutting at blanks gives the same values, but for the other separator behind them: `a, b` and tabs. */
function cutsAlike({ separator, records }: Rating, rival: Rating): boolean {
  if (rival.separator !== 'blanks' || rival.records.length !== records.length) return false;
  const bare = (field: string) => (field.endsWith(separator) ? field.slice(0, -separator.length) : field).trim();
  return records.every(({ fields }, i) => {
    const other = rival.records[i].fields;
    return fields.length === other.length && fields.every((field, j) => field.trim() === bare(other[j]));
  });
}

function rate(sample: string, dialect: Dialect, cut: boolean): Rating {
  const all = cutAll(sample, dialect).records;
  const records = (cut && all.length > 1 ? all.slice(0, -1) : all).filter(({ fields }) => fields.length > 0);
  const { width, count } = commonWidth(records);
  return { separator: dialect.separator, width, share: count / Math.max(1, records.length), records };
}

/**
 * The number of values that the first two records share, where it is more than one, else that which most records have; of two
 * equally frequent ones the larger.
 */
export function commonWidth(records: TextRecord[]): { width: number; count: number } {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  const first = records[0]?.fields.length ?? 0;
  if (first > 1 && records[1]?.fields.length === first) return { width: first, count: counts.get(first) ?? 0 };
  let [width, count] = [0, 0];
  for (const [length, times] of counts)
    if (times > count || (times === count && length > width)) [width, count] = [length, times];
  return { width, count };
}

/** Blanks are common inside words: they separate where every line agrees and numbers, or the name of the file, speak for it. */
function blanksSeparate({ share: all, width, records }: Rating, file: string): boolean {
  // The header of R's write.table has no name for the names of rows.
  const named = records[0]?.fields.length === width - 1 && records.length > 2;
  const share = named ? (all * records.length) / (records.length - 1) : all;
  if (share < 1 && !(share > 0.5 && records.length > 3)) return false;
  const below = records.slice(1);
  const numeric = Array.from({ length: width }, (_, j) => j).some(
    (j) => below.length > 0 && below.every(({ fields }) => fields[j] !== undefined && isNumber(fields[j])),
  );
  return numeric || (share === 1 && width > 2) || (share === 1 && !/\.[ct]sv(\.gz)?$/i.test(path.basename(file)));
}

/**
 * The mark of the comment lines at the top of a text: lines that begin with # or % before others that do not. A file whose every
 * line begins so holds codes, not comments.
 */
export function commentsAtTop(sample: string): { mark: string; lines: string[] } {
  const lines = sample.slice(0, 1 << 16).split(/\r\n|\n|\r/);
  for (const mark of ['#', '%', '//']) {
    const first = lines.findIndex((line) => !line.startsWith(mark));
    if (first > 0 && lines.slice(first).some((line) => line.trim() !== ''))
      return { mark, lines: lines.slice(0, first) };
  }
  return { mark: '', lines: [] };
}
