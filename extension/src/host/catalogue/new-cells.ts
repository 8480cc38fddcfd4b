import type { Cell } from '@bregma/notebooks/document';

/** Cells from fenced text, as cells that no file has yet. */
export async function newCells(fenced: string): Promise<Cell[]> {
  const { parse } = await import('@bregma/notebooks/parse');
  return parse(fenced).cells.map(({ raw: _, ...cell }) => cell);
}
