import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { BregmaError } from '@bregma/core/errors';
import type { ToolAnswer } from '@bregma/core/mcp/client';
import { type Call, callOf, namesUsed } from './call.ts';
import type { Cell, FencedCell, Notebook } from './document.ts';
import { unpinned } from './freshness.ts';
import { readFrontMatter } from './front-matter.ts';
import type { NotebookFacts } from './queries/notebook-facts.ts';
import { activityAbove } from './show.ts';
import { troublesOf } from './troubles.ts';

/** What the run of a cell asks of who runs it. */
export interface Caller {
  tools: ToolForm[];
  facts(activities: string[], valuesOf: string[]): Promise<NotebookFacts>;
  /** Throws when a call that cannot be taken back is not wanted. before: the activity that the cell shows. */
  allow(call: Call, before: string | undefined): Promise<void>;
  call(call: Call): Promise<ToolAnswer>;
}

/** What a run of a cell came to. */
export interface CellRun {
  activity: string;
  /** What it touched that the notebook does not pin, in words. */
  said: string[];
}

/** Whether running a cell is calling a tool. */
export const isCall = (cell: Cell): cell is FencedCell & { kind: 'sql' | 'bregma' } =>
  cell.kind === 'sql' || cell.kind === 'bregma';

/** Throws `conflict` when the cell in this place may not run as it stands. */
export function refuseTrouble(notebook: Pick<Notebook, 'cells' | 'frontMatter'>, index: number): void {
  const trouble = troublesOf(notebook)[index];
  if (trouble) throw new BregmaError('conflict', 'Nothing was run.', { next: trouble });
}

/** Makes the call of the cell in this place, with the results of the cells above that it names. Throws what the tool says. */
export async function runCall(
  { cells, frontMatter }: Pick<Notebook, 'cells' | 'frontMatter'>,
  index: number,
  caller: Caller,
): Promise<CellRun> {
  // SAFETY: who calls this has asked `isCall`.
  const cell = cells[index] as FencedCell;
  const call = callOf(cell, caller.tools, await valuesAbove(cells, index, caller));
  if (call.form.acts) await caller.allow(call, cell.info.activity);
  const { activity, release } = await caller.call(call);
  const twins = Object.values(call.args).filter((value): value is string => /^twin-[0-9a-f]{16}$/.test(String(value)));
  const releases = Array.isArray(release) ? release.map(String) : [];
  const pins = readFrontMatter(frontMatter);
  return { activity, said: [...(pins.problem ? [pins.problem] : []), ...unpinned({ releases, twins }, pins)] };
}

/** Gives the values of the earlier cells that this one names. */
async function valuesAbove(cells: Cell[], index: number, { facts }: Caller): Promise<(name: string) => unknown> {
  const activities = new Map(namesUsed(cells[index]).map((name) => [name, activityAbove(cells, index, name)]));
  const wanted = [...activities.values()];
  const recorded: NotebookFacts['recorded'] = wanted.length > 0 ? (await facts(wanted, wanted)).recorded : {};
  return (name) => {
    const found = recorded[activities.get(name) ?? ''];
    if (found?.status === 'ok') return found.value;
    throw new BregmaError('missing', `'${name}' has no result in this workspace.`, { next: 'Run it first.' });
  };
}
