import { type Cell, type CellContent, type Notebook, sameContent } from './document.ts';

/** A cell that was changed on both sides. */
interface Conflict {
  /** Place in `cells` of the merge. */
  at: number;
  mine: Cell | undefined;
  theirs: Cell | undefined;
}

/** Cells of two versions put together. */
export interface Merge {
  /** Everything from both sides. Where both changed one cell, mine stands here. */
  cells: Cell[];
  conflicts: Conflict[];
}

/** What became of each cell of the base on one side, and what was put behind it (index 0: before the first). */
interface Side {
  kept: (Cell | undefined)[];
  added: Cell[][];
}

/** A notebook of two versions, and what a person must decide. */
export interface MergedNotebook {
  notebook: Notebook;
  /** What both sides changed, in words. */
  conflicts: string[];
}

/** Whose part is kept where both changed the same; both: mine, and theirs in a cell below it. */
type Preference = 'mine' | 'theirs' | 'both';

/** Merges two versions of a notebook that both came from `base`: its cells, and what stands before them. */
export function mergeNotebooks(
  base: Notebook,
  mine: Notebook,
  theirs: Notebook,
  prefer: Preference = 'mine',
): MergedNotebook {
  const { cells, conflicts } = mergeCells(base.cells, mine.cells, theirs.cells, prefer);
  const said = conflicts.map((one) => nameOf(one.mine ?? one.theirs));
  const front = pick(base.frontMatter, mine.frontMatter, theirs.frontMatter);
  if (front === 'conflict') said.unshift('what stands before the first cell');
  const chosen = prefer === 'theirs' ? theirs : mine;
  const frontMatter = front === 'conflict' ? chosen.frontMatter : front.value;
  const { bom, eol, results, resultsAt } = theirs;
  return { notebook: { bom, eol, frontMatter, cells, results, resultsAt }, conflicts: said };
}

const nameOf = (cell: Cell | undefined): string =>
  (cell && cell.kind !== 'prose' && cell.info.name) || `“${(cell?.text ?? '').trim().split('\n')[0].slice(0, 40)}”`;

/** Merges two versions of a notebook that both came from `base`, cell by cell. A deleted and a changed cell are a conflict too. */
export function mergeCells(base: Cell[], mine: Cell[], theirs: Cell[], prefer: Preference = 'mine'): Merge {
  const [a, b] = [align(base, mine), align(base, theirs)];
  const cells: Cell[] = [];
  const conflicts: Conflict[] = [];
  const add = (at: number) => {
    const [ours, others] = [a.added[at], b.added[at]];
    cells.push(...ours, ...others.filter((cell) => !ours.some((own) => sameContent(own, cell))));
  };
  add(0);
  base.forEach((was, i) => {
    const [own, other] = [a.kept[i], b.kept[i]];
    const merged = mergeCell(was, own, other);
    if (merged === 'conflict') conflicts.push({ at: cells.length, mine: own, theirs: other });
    const chosen = merged !== 'conflict' ? [merged] : { mine: [own], theirs: [other], both: [own, other] }[prefer];
    cells.push(...chosen.filter((cell) => cell !== undefined));
    add(i + 1);
  });
  return { cells, conflicts };
}

function mergeCell(was: Cell, mine: Cell | undefined, theirs: Cell | undefined): Cell | undefined | 'conflict' {
  if (mine && sameContent(was, mine)) return theirs;
  if (theirs && sameContent(was, theirs)) return mine;
  if (!mine || !theirs) return mine === theirs ? undefined : 'conflict';
  if (sameContent(mine, theirs)) return theirs;
  if (mine.kind === 'prose' || theirs.kind !== mine.kind || was.kind !== mine.kind) return 'conflict';
  // One side ran the cell while the other changed its text: both are kept, and the result shows as stale.
  const text = pick(was.text, mine.text, theirs.text);
  const name = pick(was.info.name, mine.info.name, theirs.info.name);
  if (text === 'conflict' || name === 'conflict') return 'conflict';
  const activity = pick(was.info.activity, mine.info.activity, theirs.info.activity);
  return {
    ...theirs,
    text: text.value,
    info: { ...theirs.info, name: name.value, activity: activity === 'conflict' ? mine.info.activity : activity.value },
  };
}

function pick<Value>(was: Value, mine: Value, theirs: Value): { value: Value } | 'conflict' {
  if (mine === was || mine === theirs) return { value: theirs };
  return theirs === was ? { value: mine } : 'conflict';
}

function align(base: Cell[], side: Cell[]): Side {
  const partner = pairs(base, side);
  const kept = base.map((_, i) => (partner[i] === undefined ? undefined : side[partner[i]]));
  const added: Cell[][] = Array.from({ length: base.length + 1 }, () => []);
  const baseOf = new Map(partner.flatMap((at, i) => (at === undefined ? [] : [[at, i] as const])));
  let place = 0;
  side.forEach((cell, at) => {
    const i = baseOf.get(at);
    if (i === undefined) added[place].push(cell);
    else place = i + 1;
  });
  return { kept, added };
}

/** For each cell of the base, the cell of the other version that it became. Order is kept. */
function pairs(base: Cell[], side: Cell[]): (number | undefined)[] {
  // Longest common subsequence, where a changed cell that is still known counts for less than an equal one.
  const score = Array.from({ length: base.length + 1 }, () => new Float64Array(side.length + 1));
  for (let i = base.length - 1; i >= 0; i--)
    for (let j = side.length - 1; j >= 0; j--)
      score[i][j] = Math.max(score[i + 1][j], score[i][j + 1], score[i + 1][j + 1] + likeness(base[i], side[j]));
  const partner: (number | undefined)[] = base.map(() => undefined);
  for (let i = 0, j = 0; i < base.length && j < side.length; ) {
    const like = likeness(base[i], side[j]);
    if (like > 0 && score[i][j] === score[i + 1][j + 1] + like) partner[i++] = j++;
    else if (score[i][j] === score[i + 1][j]) i++;
    else j++;
  }
  return partner;
}

/** 1: the same. Below: the same cell with a change, as far as can be told. 0: another cell. */
function likeness(a: CellContent, b: CellContent): number {
  if (sameContent(a, b)) return 1;
  if (a.kind !== b.kind) return 0;
  if (a.kind !== 'prose' && b.kind !== 'prose' && a.info.name !== undefined && a.info.name === b.info.name) return 0.9;
  const [short, long] = a.text.length < b.text.length ? [a.text, b.text] : [b.text, a.text];
  if (short !== '' && long.startsWith(short)) return 0.8;
  const lines = new Set(a.text.split('\n'));
  const others = b.text.split('\n');
  const shared = others.filter((line) => lines.has(line)).length / Math.max(lines.size, others.length);
  let begin = 0;
  while (begin < short.length && short[begin] === long[begin]) begin++;
  const same = Math.max(shared, begin / Math.max(long.length, 1));
  return same > 0.3 ? 0.5 * same : 0.05;
}
