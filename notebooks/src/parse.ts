import { type Results, readResults } from '@bregma/core/notebook-results';
import { cellKeys } from './cell-keys.ts';
import { type Cell, type CellKind, cellKinds, type Notebook, readInfo } from './document.ts';
import { blocksOf } from './fence.ts';
import { takeResults } from './results-block.ts';

/** Stands between two pieces of prose that are cells of their own; invisible where Markdown is shown. */
export const proseBreak = '<!-- cell -->';

/** YAML between two lines of three hyphens, at the very start. */
export const frontMatterForm = /^---[ \t]*\r?\n(?:[^\n]*\n)*?---[ \t]*(?:\r?\n|$)/;

/**
 * Reads a notebook. Every character of the text is in the byte order mark, the front matter, the `raw` of exactly one cell or the
 * results, in order: `serialize(parse(text)) === text` for any text. Never throws.
 */
export function parse(text: string): Notebook {
  const bom = text.startsWith('\uFEFF');
  const body = bom ? text.slice(1) : text;
  const eol = /\r?\n/.exec(body)?.[0] === '\r\n' ? '\r\n' : '\n';
  const frontMatter = frontMatterForm.exec(body.slice(0, 100_000))?.[0];
  const { above, results, below } = takeResults(body.slice(frontMatter?.length ?? 0));
  const first = readCells(above);
  const cells = withResults(below === '' ? first : [...first, ...readCells(below)], readResults(results));
  const at = below === '' ? undefined : first.length;
  return {
    bom,
    eol,
    ...(frontMatter && { frontMatter }),
    cells,
    ...(results && { results }),
    ...(at !== undefined && { resultsAt: at }),
  };
}

/** Cells with the activities that the block at the end names. */
function withResults(cells: Cell[], results: Results): Cell[] {
  if (results.size === 0) return cells;
  const keys = cellKeys(cells);
  return cells.map((cell, i) => {
    const activity = results.get(keys[i] ?? '');
    return cell.kind === 'prose' || !activity ? cell : { ...cell, info: { ...cell.info, activity } };
  });
}

/** The cells of a text without front matter. */
export function readCells(body: string): Cell[] {
  const cells: Cell[] = [];
  let waiting = '';
  /** Makes a cell of the prose that waits. Blank lines go to the cell before them, or stay for the one after. */
  const endProse = () => {
    if (waiting === '') return;
    const before = cells.at(-1);
    if (waiting.trim() !== '') cells.push({ kind: 'prose', text: proseText(waiting), raw: waiting });
    else if (before) before.raw += waiting;
    else return;
    waiting = '';
  };
  for (const { lines, fence, missing } of blocksOf(body)) {
    const kind = fence?.indent === 0 ? kindOf(fence.info) : undefined;
    if (!fence || !kind) {
      if (lines[0].trimEnd() === proseBreak && waiting.trim() !== '') endProse();
      waiting += lines.join('');
      continue;
    }
    endProse();
    const text = lines
      .slice(1, missing === undefined ? -1 : undefined)
      .join('')
      .replaceAll('\r\n', '\n')
      .replace(/\n$/, '');
    cells.push({ kind, info: readInfo(fence.info.slice(kind.length)), text, raw: waiting + lines.join('') });
    waiting = '';
  }
  endProse();
  if (waiting !== '') cells.push({ kind: 'prose', text: '', raw: waiting });
  return cells;
}

/** The Markdown in a prose cell's characters: without a break and blank lines before it, and white space after it. */
export const proseText = (raw: string): string =>
  raw
    .replaceAll('\r\n', '\n')
    .replace(/^(?:[^\S\n]*\n)*(?:<!-- cell -->[^\S\n]*(?:\n|$))?(?:[^\S\n]*\n)*/, '')
    .trimEnd();

function kindOf(info: string): CellKind | undefined {
  const [word] = info.split(/[ \t]/, 1);
  return cellKinds.find((kind) => kind === word);
}
