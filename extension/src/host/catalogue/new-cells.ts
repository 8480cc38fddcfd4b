import type { Cell } from '../../notebook/document.ts';

/** Cells from fenced text, as cells that no file has yet. */
export async function newCells(fenced: string): Promise<Cell[]> {
  const { parse } = await import('../../notebook/parse.ts');
  return parse(fenced).cells.map(({ raw: _, ...cell }) => cell);
}
