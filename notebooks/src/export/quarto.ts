import { createHash } from 'node:crypto';
import { cellKinds, cellName, type Notebook } from '../document.ts';
import { blocksOf } from '../fence.ts';
import { parse } from '../parse.ts';
import { serialize } from '../serialize.ts';
import { doubtsHtml } from './doubt.ts';
import type { ExportedCell } from './html.ts';
import { type DrawSvg, pictureHtml } from './picture-html.ts';

/** The first line of a fence: indent and mark, what stands behind, its end. */
const firstLine = /^( {0,3}(?:`{3,}|~{3,}))([^\r\n]*)(\r?\n|$)/;
/** What we write behind a fence: Pandoc shows such code by its class and keeps the attribute, which is what stood there. */
const own = /^\s*\{\.[\w-]+ bregma="([^"\r\n]*)"\}\s*$/;
/** Quarto runs what stands in such a fence. What has a class, or is raw HTML, it only shows. */
const runs = /^\s*\{\s*([A-Za-z][\w-]*)/;
const output = /\n<!-- bregma output ([0-9a-f]{16}) -->\n([\s\S]*?)\n<!-- bregma output ends -->\n/g;

/**
 * Shortcodes as Quarto shows them: with a brace more. It would follow them in prose, front matter and code alike, and put files and
 * variables of whoever renders into the page. https://quarto.org/docs/extensions/shortcodes.html
 */
const quoted = (text: string): string => text.replace(/\{{2,}(?=<)/g, '$&{').replace(/(?<=>)\}{2,}/g, '$&}');
const unquoted = (text: string): string => text.replace(/\{(\{{2,})(?=<)/g, '$1').replace(/(?<=>)\}(\}{2,})/g, '$1');

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/**
 * A notebook as Quarto reads it (.qmd): its text, with what each cell shows below it. Its cells are code that is shown and not run, so
 * that Quarto renders what the records hold. `fromQuarto` gives the same bytes back.
 */
export async function toQuarto(notebook: Notebook, cells: ExportedCell[], drawSvg: DrawSvg): Promise<string> {
  const text = serialize(notebook);
  const { cells: read, results = '', resultsAt = read.length } = parse(text);
  const shown = cells.filter(({ cell }) => cell.kind !== 'prose');
  const fenced = read.filter(({ kind }) => kind !== 'prose');
  const written = await Promise.all(
    read.map(async (cell) => {
      const raw = cell.raw ?? '';
      const whole = [...blocksOf(raw)].every(({ missing }) => missing === undefined);
      const below = whole && cell.kind !== 'prose' ? await outputOf(shown[fenced.indexOf(cell)], drawSvg) : '';
      return quoted(eachFence(raw, (info) => encoded(info, cell.kind !== 'prose'))) + below;
    }),
  );
  return quoted(headOf(text)) + written.slice(0, resultsAt).join('') + results + written.slice(resultsAt).join('');
}

/** What stands before the cells: the byte order mark and the front matter, in which a fence is none. */
function headOf(text: string): string {
  const { cells, results = '' } = parse(text);
  return text.slice(0, text.length - cells.reduce((sum, { raw = '' }) => sum + raw.length, results.length));
}

async function outputOf(shown: ExportedCell | undefined, drawSvg: DrawSvg): Promise<string> {
  const doubts = shown && doubtsHtml(shown);
  if (!shown || (shown.pictures.length === 0 && doubts === '')) return '';
  const pictures = await Promise.all(shown.pictures.map((picture) => pictureHtml(picture, drawSvg)));
  const html = [...(doubts ? [doubts] : []), ...pictures].join('\n');
  let mark = '```';
  while (html.includes(mark)) mark += '`';
  const block = `${mark}{=html}\n${html}\n${mark}`;
  return `\n<!-- bregma output ${digest(block)} -->\n${block}\n<!-- bregma output ends -->\n`;
}

/** What stands behind a fence, and the lines from there on. */
interface Fenced {
  info: string;
  lines?: string[];
}

/** Puts other words behind each fence of a text; undefined: the same ones. */
function eachFence(text: string, change: (info: string, lines: string[]) => Fenced | undefined): string {
  return [...blocksOf(text)]
    .map(({ lines, fence }) => {
      const [first, ...rest] = lines;
      const [, mark, info = '', end] = fence ? (firstLine.exec(first) ?? []) : [];
      const changed = mark === undefined ? undefined : change(info, rest);
      return changed === undefined ? lines.join('') : `${mark}${changed.info}${end}${(changed.lines ?? rest).join('')}`;
    })
    .join('');
}

function encoded(info: string, isCell: boolean): Fenced | undefined {
  if (!isCell && !own.test(info) && !runs.test(info)) return undefined;
  const word = /[A-Za-z][\w-]*/.exec(info)?.[0] ?? 'text';
  return { info: `{.${word} bregma="${info.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"}` };
}

/** What a Quarto document became. */
interface ImportedQuarto {
  notebook: Notebook;
  /** Cells of another language: they are kept as prose and cannot run here. */
  others: number;
}

/** Reads a Quarto document: one of ours as the notebook that it was, with what was edited since; another's SQL as cells. */
export function fromQuarto(written: string): ImportedQuarto {
  const text = unquoted(written);
  // An output that somebody edited is their text.
  const head = headOf(text);
  const bare = text.slice(head.length).replace(output, (whole, was, block) => (digest(block) === was ? '' : whole));
  let others = 0;
  const back = eachFence(bare, (info, lines) => {
    const kept = own.exec(info)?.[1];
    if (kept !== undefined) return { info: kept.replaceAll('&quot;', '"').replaceAll('&amp;', '&') };
    const language = runs.exec(info)?.[1];
    if (language === undefined) return undefined;
    if (cellKinds.some((kind) => kind === language)) return foreign(language, info, lines);
    others++;
    return { info: language };
  });
  return { notebook: parse(head + back), others };
}

/** Quarto's `{sql}` with a label, there or in a line `#| label: cells`, is a cell of that name. Other options stay, as comments. */
function foreign(kind: string, info: string, lines: string[]): Fenced {
  const option = /^#\|\s*label:\s*["']?([\w-]+)["']?\s*$/;
  const label =
    /\blabel\s*=\s*["']?([\w-]+)/.exec(info)?.[1] ?? lines.map((line) => option.exec(line)?.[1]).find(Boolean);
  const named = label !== undefined && cellName.test(label);
  const kept = lines.filter((line) => !named || !option.test(line));
  return {
    info: named ? `${kind} name=${label}` : kind,
    lines: kind === 'sql' ? kept.map((line) => line.replace(/^#\|/, '-- |')) : kept,
  };
}
