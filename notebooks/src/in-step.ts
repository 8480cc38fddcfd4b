import type { Notebook } from './document.ts';
import { type MergedNotebook, mergeNotebooks } from './merge.ts';
import { parse } from './parse.ts';
import { serialize } from './serialize.ts';

/** How an open notebook stands to its file. */
interface Standing {
  /** The text that both sides started from; undefined: not known. */
  base: string | undefined;
  mine: Notebook;
  /** What the file says now. */
  disk: string;
  /** The editor holds work that is not in the file. */
  dirty: boolean;
}

/**
 * - `agree`: they say the same.
 * - `wait`: only the editor has changes.
 * - `reload`: the editor has no work of its own and shows another text than the file.
 * - `merge`: both changed, and nothing twice.
 * - `ask`: both changed the same, named in `conflicts`.
 */
export type Step = { is: 'agree' | 'wait' | 'reload' } | ({ is: 'merge' | 'ask' } & MergedNotebook);

/** What is to be done so that an open notebook and its file come to say the same and neither side loses anything. */
export function nextStep({ base, mine, disk, dirty }: Standing): Step {
  if (serialize(mine) === disk) return { is: 'agree' };
  if (!dirty) return { is: 'reload' };
  if (base === undefined || disk === base) return { is: 'wait' };
  const merged = mergeNotebooks(parse(base), mine, parse(disk));
  return { is: merged.conflicts.length > 0 ? 'ask' : 'merge', ...merged };
}
