import { type Results, readResults, writeResults } from '@bregma/core/notebook-results';
import { cellKeys } from './cell-keys.ts';
import { type Cell, type FencedCell, type Notebook, plainLines, sameContent, writeInfo } from './document.ts';
import { blocksOf, closesFence } from './fence.ts';
import { parse, proseBreak, proseText, readCells } from './parse.ts';

/**
 * Writes a notebook. A cell that says what it said when it was read is written in the very same characters; one that was
 * changed keeps its fence and the blank lines around it.
 */
export function serialize(notebook: Notebook): string {
  let text = texts.get(notebook);
  if (text !== undefined) return text;
  text = write(notebook);
  texts.set(notebook, text);
  return text;
}

/** A notebook is never changed in place: its text is written once. */
const texts = new WeakMap<Notebook, string>();

function write({ bom, eol, frontMatter = '', cells, results, resultsAt }: Notebook): string {
  const said = resultsOf(cells);
  const kept = results !== undefined && sameResults(said, applied(results, cells)) ? results : undefined;
  /** The block stands before the cell in this place. */
  const inside = kept !== undefined && resultsAt !== undefined && resultsAt < cells.length ? resultsAt : undefined;
  const pieces: string[] = [];
  /** How what was written ends: a few lines, because a text that grows is dear to look at once a cell. */
  let end = '';
  const add = (...written: string[]) => {
    pieces.push(...written);
    end = (end + written.join('')).slice(-mostBlank);
  };
  for (const [i, cell] of cells.entries()) {
    const { text, fresh } = written(cell, eol);
    const separate = fresh || (i > 0 && cells[i - 1].raw === undefined);
    if (i === inside) add(end === '' ? '' : gap(end, separate, eol), closed(kept ?? '', eol));
    if (end !== '' || frontMatter !== '') add(gap(end || frontMatter, separate, eol));
    const joins = i !== inside && cell.kind === 'prose' && cells[i - 1]?.kind === 'prose';
    if (joins && !text.trimStart().startsWith(proseBreak)) add(proseBreak + eol + (fresh ? eol : ''));
    add(i < cells.length - 1 ? closed(text, eol) : text);
  }
  const body = pieces.join('');
  // Prose that begins as front matter would is kept apart from the start of the file.
  const apart = frontMatter === '' && parse(body).frontMatter !== undefined ? eol : '';
  const above = frontMatter + apart + body;
  const below = inside === undefined ? (kept ?? writeResults(said, eol)) : '';
  const between = below === '' || above === '' ? '' : gap(above, kept === undefined, eol);
  return (bom ? '\uFEFF' : '') + above + between + below;
}

/** Characters of a blank line, at most, that is seen to be one. */
const mostBlank = 2000;

/** The activities of cells whose own fence does not name one. */
function resultsOf(cells: Cell[]): Results {
  const keys = cellKeys(cells);
  return new Map(
    cells.flatMap((cell, i) => {
      const key = keys[i];
      if (cell.kind === 'prose' || key === undefined || cell.info.activity === undefined) return [];
      return isUnchanged(cell) && fenceActivity(cell) ? [] : [[key, cell.info.activity] as const];
    }),
  );
}

/** What of a block is about these cells. */
function applied(results: string, cells: Cell[]): Results {
  const keys = new Set(cellKeys(cells));
  return new Map([...readResults(results)].filter(([key]) => keys.has(key)));
}

const sameResults = (a: Results, b: Results): boolean =>
  a.size === b.size && [...a].every(([key, activity]) => b.get(key) === activity);

/** The activity that the fence of a cell named when it was read: so earlier builds wrote it. */
function fenceActivity({ raw }: Cell): string | undefined {
  const was = raw === undefined ? undefined : onlyCell(raw);
  return was && was.kind !== 'prose' ? was.info.activity : undefined;
}

/** Line ends that must stand between `before` and the next cell. */
function gap(before: string, separate: boolean, eol: string): string {
  const ended = before.endsWith('\n');
  if (!separate) return ended ? '' : eol;
  if (!ended) return eol + eol;
  return /\n[^\S\n]*\n$/.test(before) ? '' : eol;
}

const isUnchanged = (cell: Cell): boolean => {
  if (cell.raw === undefined) return false;
  const was = onlyCell(cell.raw);
  if (!was) return false;
  if (cell.kind === 'prose') return sameContent(was, { ...cell, text: proseText(plainLines(cell.text)) });
  // A fence that names no activity says nothing of it: the block at the end does.
  const activity = fenceActivity(cell) && cell.info.activity;
  return sameContent(was, { ...cell, info: { ...cell.info, activity } });
};

/** What these characters are read as, when they are one cell. Every key that is typed asks it of all cells of a notebook. */
function onlyCell(raw: string): Cell | undefined {
  if (!read.has(raw)) {
    const [was, ...others] = readCells(raw);
    if (read.size >= mostRead) read.clear();
    read.set(raw, others.length > 0 ? undefined : was);
  }
  return read.get(raw);
}

const read = new Map<string, Cell | undefined>();
const mostRead = 2000;

function written(cell: Cell, usual: string): { text: string; fresh: boolean } {
  if (cell.raw !== undefined && isUnchanged(cell)) return { text: cell.raw, fresh: false };
  const raw = cell.raw ?? '';
  const eol = /\r?\n/.exec(raw.trimStart())?.[0] ?? usual;
  const before = /^(?:[^\S\n]*\r?\n)*/.exec(raw)?.[0] ?? '';
  const after = raw.slice(before.length);
  const tail = after === '' ? eol : after.slice(after.trimEnd().length);
  const core = cell.kind === 'prose' ? closed(prose(cell.text, after), '\n').trimEnd() : fenced(cell, after);
  const text = plainLines(core).replaceAll('\n', eol);
  return { text: before + text + (closes(raw) ? tail : eol), fresh: cell.raw === undefined };
}

const closes = (raw: string) => [...blocksOf(raw)].every(({ missing }) => missing === undefined);

function prose(text: string, was: string): string {
  const kept = proseText(plainLines(text));
  if (kept === '') return proseBreak;
  return was.startsWith(proseBreak) ? `${proseBreak}\n\n${kept}` : kept;
}

/** A fenced cell in a fence that nothing inside can close: the one it had, or a longer one. */
function fenced({ kind, info, text }: FencedCell, was: string): string {
  const words = kind + writeInfo({ ...info, activity: undefined });
  const had = /^(`{3,}|~{3,})/.exec(was)?.[0] ?? '```';
  const character = words.includes('`') ? '~' : had[0];
  let mark = character === had[0] ? had : character.repeat(3);
  const lines = plainLines(text).split('\n');
  while (lines.some((line) => closesFence(line, mark))) mark += character;
  return [mark + words, ...(text === '' ? [] : lines), mark].join('\n');
}

/** Prose that leaves a fence or a comment open would take in the cells below it. */
function closed(text: string, eol: string): string {
  const missing = [...blocksOf(text)].at(-1)?.missing;
  if (missing === undefined) return text;
  return `${text}${text.endsWith('\n') ? '' : eol}${missing}${eol}`;
}
