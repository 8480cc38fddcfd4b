import { saidBy } from '@bregma/core/errors';
import type { Cell, CellKind, Notebook } from './document.ts';
import type { DrawnFrom, Freshness } from './freshness.ts';
import { factsAsked, judge } from './judge.ts';
import { type Caller, isCall, refuseTrouble, runCall } from './run-cell.ts';
import { isChart, madeOf, type Shown, type Source, showCell } from './show.ts';

/** Who runs a notebook: how cells call, where what they show comes from, and what is wanted. */
export interface Runner extends Caller {
  source: Source;
  /** Also run what is fresh. */
  anew: boolean;
  /** Run nothing: say what is fresh. */
  onlyJudge: boolean;
  signal: AbortSignal;
  /** Told before a cell is run or drawn. */
  onCell?(cell: { place: number; of: number; kind: CellKind; name?: string }): void;
}

/** What became of a cell. */
export interface CellOutcome {
  index: number;
  kind: CellKind;
  name?: string;
  /** kept: it was fresh. not-reached: a cell above failed. */
  outcome: 'ran' | 'kept' | 'drawn' | 'failed' | 'stale' | 'not-run' | 'not-reached';
  activity?: string;
  /** Why it failed or is not fresh, or what it used that the notebook does not pin; each a sentence. */
  said: string[];
}

/** A notebook after a run, and what became of each of its cells. */
export interface NotebookRun {
  notebook: Notebook;
  outcomes: CellOutcome[];
}

/**
 * Runs the cells that are not fresh, in their order, until one fails; draws charts and hypotheses as they stand. Never throws for
 * what a cell says: that is its outcome.
 */
export async function runNotebook(notebook: Notebook, runner: Runner): Promise<NotebookRun> {
  let now = notebook;
  let failed = false;
  // Only a call changes what is on record, and so what is fresh.
  let states: ReturnType<typeof statesOf> | undefined;
  const outcomes: CellOutcome[] = [];
  const places = notebook.cells.flatMap(({ kind }, index) => (kind === 'prose' ? [] : [index]));
  for (const [i, index] of places.entries()) {
    const cell = now.cells[index];
    if (cell.kind === 'prose') continue;
    const base = { index, kind: cell.kind, name: cell.info.name, activity: cell.info.activity };
    if (failed) {
      outcomes.push({ ...base, outcome: 'not-reached', said: [] });
      continue;
    }
    states ??= statesOf(now, runner);
    const { activity, ...came } = await outcomeOf(now, index, states, runner, () =>
      runner.onCell?.({ place: i + 1, of: places.length, kind: cell.kind, name: cell.info.name }),
    );
    if (came.outcome === 'ran') states = undefined;
    outcomes.push({ ...base, ...came, activity: activity ?? base.activity });
    failed = came.outcome === 'failed' && !runner.onlyJudge;
    if (activity !== undefined) now = withActivity(now, index, activity);
  }
  return { notebook: now, outcomes };
}

type Came = Pick<CellOutcome, 'outcome' | 'said'> & { activity?: string };

async function outcomeOf(
  notebook: Notebook,
  index: number,
  states: ReturnType<typeof statesOf>,
  runner: Runner,
  begins: () => void,
): Promise<Came> {
  try {
    runner.signal.throwIfAborted();
    const state = (await states)[index];
    const reasons = state && 'reasons' in state ? state.reasons : [];
    if (isCall(notebook.cells[index])) {
      if (state?.state === 'fresh' && !runner.anew) return { outcome: 'kept', said: [] };
      if (runner.onlyJudge) return { outcome: state?.state === 'not-run' ? 'not-run' : 'stale', said: reasons };
      begins();
      refuseTrouble(notebook, index);
      return { outcome: 'ran', ...(await runCall(notebook, index, runner)) };
    }
    if (runner.onlyJudge && state?.state !== 'fresh' && state?.state !== 'live')
      return { outcome: state?.state === 'not-run' ? 'not-run' : 'stale', said: reasons };
    begins();
    refuseTrouble(notebook, index);
    await showCell(runner.source, notebook.cells, index, runner.signal);
    return { outcome: 'drawn', said: [] };
  } catch (error) {
    if (runner.signal.aborted) return { outcome: 'failed', said: ['Cancelled: nothing was kept.'] };
    const { message, next } = saidBy(error);
    return { outcome: 'failed', said: [message, ...(next ? [next] : [])] };
  }
}

/** What every cell shows, from the records; what cannot be shown says why. */
export const showAll = ({ cells }: Notebook, { source, signal }: Runner): Promise<(Shown & { problem?: string })[]> =>
  Promise.all(
    cells.map(async (_, index) => {
      try {
        return (await showCell(source, cells, index, signal)) ?? { pictures: [] };
      } catch (error) {
        return { pictures: [], problem: saidBy(error).message };
      }
    }),
  );

/** Freshness of all cells. A chart is drawn from what its cells show now, whenever it is shown. */
export async function statesOf(notebook: Notebook, { tools, facts }: Runner): Promise<(Freshness | undefined)[]> {
  const { activities, valuesOf } = factsAsked(notebook.cells);
  return judge(notebook, tools, await facts(activities, valuesOf), (index) => drawnNow(notebook.cells, index));
}

function drawnNow(cells: Cell[], index: number): DrawnFrom | undefined {
  if (!isChart(cells[index])) return undefined;
  try {
    return madeOf(cells, index);
  } catch {
    return undefined; // What it names has no result: it was not drawn.
  }
}

const withActivity = (notebook: Notebook, index: number, activity: string): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell, i) =>
    i === index && cell.kind !== 'prose' ? { ...cell, info: { ...cell.info, activity } } : cell,
  ),
});
