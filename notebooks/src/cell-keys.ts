import { createHash } from 'node:crypto';
import { type CellContent, plainLines } from './document.ts';

/**
 * What the block of results calls each cell: its name, or a digest of its kind and text. A cell whose text was changed outside the
 * editor has another digest, and so no result. undefined: prose.
 */
export function cellKeys(cells: CellContent[]): (string | undefined)[] {
  const counts = new Map<string, number>();
  return cells.map((cell) => {
    if (cell.kind === 'prose') return undefined;
    const key = cell.info.name ?? `.${digestOf(cell.kind, cell.text)}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? key : `${key}#${count}`;
  });
}

const digestOf = (kind: string, text: string): string =>
  createHash('sha256')
    .update(`${kind}\n${plainLines(text)}`)
    .digest('hex')
    .slice(0, 12);
