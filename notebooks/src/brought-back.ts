import type { Turn } from './disk-state.ts';
import type { Notebook } from './document.ts';
import { mergeNotebooks } from './merge.ts';
import { parse } from './parse.ts';
import { serialize } from './serialize.ts';

/**
 * What is put into a notebook, over a file that is whole and says `disk`. VS Code may have read it empty, or half, while it was
 * written: what that lacks nobody has taken out. read: what the notebook says, where that is what VS Code has just read once more.
 * base: the text that both sides then start from, where it is another.
 */
export function broughtBack(
  { from, into, dropped }: Turn,
  read: Notebook | undefined,
  disk: string | undefined,
): Pick<Turn, 'from' | 'into'> & { base?: string } {
  if (disk === undefined) return { from, into };
  if (!dropped) return { from: read && serialize(read) !== disk ? read : from, into };
  if (serialize(from) === disk) return { from: read ?? from, into };
  const { notebook, conflicts } = mergeNotebooks(parse(dropped.start), dropped.typed, parse(disk));
  return { from: read ?? from, into: notebook, base: conflicts.length > 0 ? dropped.start : disk };
}
