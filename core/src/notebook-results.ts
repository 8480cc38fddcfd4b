const opening = '<!-- bregma results';
/** The block at the end of a notebook: a comment that Markdown does not show, one line a cell. Nothing but blank lines stands behind it. */
const block = /^<!-- bregma results[^\S\n]*\r?\n(?:(?!-->|<!--)[^\n]*\n)*-->\s*$/;
const entry = /^(\S+) (act-[0-9a-f]{16})\s*$/;

/** Cell → activity. A cell is its name, or the digest of what it says. */
export type Results = ReadonlyMap<string, string>;

/** A notebook's text in two: what people write and merge, and the block that says which activity each cell shows. */
export function splitResults(text: string): { body: string; results?: string } {
  const at = text.lastIndexOf(opening);
  const begins = at === 0 || text[at - 1] === '\n';
  if (begins && block.test(text.slice(at))) return { body: text.slice(0, at), results: text.slice(at) };
  return { body: text };
}

/** What a block says. Of two lines for one cell, which a merge without our driver leaves, the last one counts. */
export function readResults(results: string | undefined): Results {
  const found = new Map<string, string>();
  for (const line of results?.split('\n') ?? []) {
    const [, cell, activity] = entry.exec(line) ?? [];
    if (cell !== undefined) found.set(cell, activity);
  }
  return found;
}

/** A block; empty where there is no result. */
export function writeResults(results: Results, eol = '\n'): string {
  if (results.size === 0) return '';
  const lines = [...results].map(([cell, activity]) => `${cell} ${activity}`);
  return [opening, ...lines, '-->', ''].join(eol);
}

/**
 * The results of two versions that came from one: of each cell the one that changed, and mine where both did. Whether a result is
 * that of its cell the ledger says, so nothing wrong can come of a choice.
 */
export function mergeResults(base: Results, mine: Results, theirs: Results): Results {
  const merged = new Map<string, string>();
  for (const cell of new Set([...mine.keys(), ...theirs.keys()])) {
    const [was, own, other] = [base.get(cell), mine.get(cell), theirs.get(cell)];
    const chosen = own === was ? other : own;
    if (chosen !== undefined) merged.set(cell, chosen);
  }
  return merged;
}
