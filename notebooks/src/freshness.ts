import type { RecordKind } from '@bregma/core/contracts/answer';
import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { processorOf } from '@bregma/core/environment';
import { saidBy } from '@bregma/core/errors';
import { callOf, datasetIn, namesUsed } from './call.ts';
import type { Cell, FencedCell } from './document.ts';
import type { FrontMatter } from './front-matter.ts';
import { sameArguments } from './tools.ts';
import { troublesOf } from './troubles.ts';

/** What the ledger knows of the activity that a cell names. */
export interface Recorded {
  tool: string;
  arguments: Record<string, unknown>;
  status: 'ok' | 'failed' | 'cancelled';
  /** `id@release` of all that it read. */
  releases: string[];
  /** Its answer's value; needed of cells that others refer to. */
  value?: unknown;
  /** Version and source digest of the code that made it. */
  code?: string;
  /** What that code ran on. */
  environment?: string;
  /** How many records of each kind are newer than this one. */
  newer?: Partial<Record<RecordKind, number>>;
}

/** What the shown picture of a chart was made of. */
export interface DrawnFrom {
  text: string;
  /** Name → activity. */
  activities: Record<string, string>;
}

/** All that freshness is decided from. */
export interface World {
  tools: ToolForm[];
  /** undefined: the ledger has no such activity. */
  recorded(activity: string): Recorded | undefined;
  /** Newest release of a data set in this workspace, `id@release`. */
  newest(id: string): string | undefined;
  pins: FrontMatter;
  /** As it stands in the file. */
  frontMatter?: string;
  /** Of the chart in this place, when one is shown. */
  drawn(index: number): DrawnFrom | undefined;
  /** What became of a person's own files of which a release was made, each a sentence; none where they are as they were. */
  changedFiles?(release: string): string[];
  /** Version and source digest of the code that would make it now. */
  code?: string;
  /** What it would run on. */
  environment?: string;
}

/** not-run: there is nothing to show. live: always what the store says now. blocked: the cell must not run as it stands. */
export type Freshness =
  | { state: 'fresh' | 'not-run' | 'live' }
  | { state: 'stale' | 'blocked' /** In words, each a sentence. */; reasons: string[] };

/**
 * Whether what each cell shows is what the cell would give now. A result is fresh when the recorded call is the call that the
 * cell would make, all that it builds on is fresh, and the releases that it read are the pinned or the newest ones. Prose has no
 * freshness: undefined.
 */
export function freshness(cells: Cell[], world: World): (Freshness | undefined)[] {
  const troubles = troublesOf({ frontMatter: world.frontMatter, cells });
  const found: (Freshness | undefined)[] = [];
  const named = new Map<string, number>();
  for (const [i, cell] of cells.entries()) {
    found.push(cell.kind === 'prose' ? undefined : judge(cell, i));
    if (cell.kind !== 'prose' && cell.info.name) named.set(cell.info.name, i);
  }
  return found;

  function judge(cell: FencedCell, i: number): Freshness {
    const trouble = troubles[i];
    if (trouble) return { state: 'blocked', reasons: [trouble] };
    if (cell.kind === 'hypothesis') return { state: 'live' };
    const reasons = upstream(cell);
    if (cell.kind === 'plot' || cell.kind === 'vega-lite') {
      const drawn = world.drawn(i);
      if (!drawn) return { state: 'not-run' };
      if (drawn.text !== cell.text) reasons.unshift('The cell was changed after it was drawn.');
      for (const [name, activity] of Object.entries(drawn.activities)) {
        if (activityOf(name) !== activity) reasons.push(`'${name}' was run again after this was drawn.`);
      }
      const release = datasetIn(cell);
      if (release) reasons.push(...replaced(release, cell.text));
    } else {
      if (!cell.info.activity) return { state: 'not-run' };
      reasons.unshift(...calls(cell, cell.info.activity));
    }
    return reasons.length === 0 ? { state: 'fresh' } : { state: 'stale', reasons: [...new Set(reasons)] };
  }

  function upstream(cell: FencedCell): string[] {
    return namesUsed(cell).flatMap((name) => {
      const at = named.get(name);
      if (at === undefined) return [`There is no earlier cell '${name}'.`];
      const state = found[at]?.state;
      if (state === 'stale') return [`It builds on '${name}', which is stale.`];
      if (state === 'blocked') return [`It builds on '${name}', which cannot be run.`];
      return state === 'not-run' ? [`It builds on '${name}', which has not been run.`] : [];
    });
  }

  function activityOf(name: string): string | undefined {
    const cell = cells[named.get(name) ?? -1];
    return cell && cell.kind !== 'prose' ? cell.info.activity : undefined;
  }

  function calls(cell: FencedCell, activity: string): string[] {
    const recorded = world.recorded(activity);
    if (!recorded) return [`There is no record ${activity} in this workspace.`];
    if (recorded.status !== 'ok') return [`Its call ${activity} ended as '${recorded.status}'.`];
    const reasons: string[] = [];
    try {
      const { tool, args, form } = callOf(cell, world.tools, resultOf);
      if (tool !== recorded.tool) reasons.push(`The cell was changed after it ran: it was a call of ${recorded.tool}.`);
      else if (!sameArguments(args, recorded.arguments, form.input))
        reasons.push(
          `${namesUsed(cell).length > 0 ? 'The cell, or what it builds on,' : 'The cell'} was changed after it ran.`,
        );
    } catch (error) {
      reasons.push(`The cell cannot be run as it is: ${saidBy(error).message}`);
    }
    // A call of add_data reads the files again, whatever is pinned.
    const read = recorded.releases.flatMap((release) =>
      recorded.tool === 'add_data' ? (world.changedFiles?.(release) ?? []) : replaced(release, cell.text),
    );
    return [
      ...reasons,
      ...read,
      ...newerThan(recorded),
      ...otherCode(recorded.code, world.code),
      ...otherProcessor(recorded, world),
    ];
  }

  function resultOf(name: string): unknown {
    const activity = activityOf(name);
    const recorded = activity === undefined ? undefined : world.recorded(activity);
    if (recorded?.status !== 'ok') throw new Error(`'${name}' has no result yet.`);
    return recorded.value;
  }

  /** A release that is not the pinned one, or no longer the newest of its data set where the cell does not name it. */
  function replaced(release: string, text: string): string[] {
    const id = release.slice(0, release.lastIndexOf('@'));
    const pinned = world.pins.releases.filter((other) => other.startsWith(`${id}@`));
    if (pinned.includes(release)) return [];
    if (pinned.length > 0) return [`It read ${release}; the notebook pins ${pinned.join(' and ')}.`];
    const newest = world.newest(id);
    if (text.includes(release)) return [];
    if (newest !== undefined && newest !== release) return [`It read ${release}; ${newest} was added since.`];
    return world.changedFiles?.(release) ?? [];
  }
}

/** Questions about what a workspace holds: what they list, and what a query of the catalogue itself names. */
const lists: Record<string, RecordKind[]> = {
  find_data: ['dataset'],
  find_twins: ['twin'],
  find_records: ['dataset', 'twin', 'hypothesis', 'test', 'plan', 'approval', 'experiment', 'score'],
};
const catalogueWords =
  /\b(duckdb_(tables|columns|views|databases|schemas)|information_schema|pg_catalog|sqlite_master|pragma_\w+)\b|\bshow\s+(all\s+)?(tables|databases)\b/i;

/** A list of what there is changes with every record of its kinds. */
function newerThan({ tool, arguments: { sql }, newer = {} }: Recorded): string[] {
  const asks = tool === 'query_data' && typeof sql === 'string' && catalogueWords.test(sql);
  const kinds = asks ? lists.find_data : (lists[tool] ?? []);
  return kinds.flatMap((kind) => {
    const count = newer[kind] ?? 0;
    const what = kind === 'dataset' ? 'data set' : kind === 'test' ? 'step of a test' : kind;
    return count === 0
      ? []
      : [count === 1 ? `A ${what} was recorded since.` : `${count} records of kind ${what} were added since.`];
  });
}

/** Another version may compute another result. The same version from other sources is a build of who develops it. */
function otherCode(made: string | undefined, now: string | undefined): string[] {
  const [was, is] = [made?.split('+')[0], now?.split('+')[0]];
  return was && is && was !== is ? [`It was computed by Bregma ${was}; this is ${is}.`] : [];
}

/** Sums and exponentials of another processor may differ in their last digits; another Node or system gives the same. */
function otherProcessor(made: Pick<Recorded, 'environment'>, now: Pick<World, 'environment'>): string[] {
  const [was, is] = [processorOf(made.environment), processorOf(now.environment)];
  return was && is && was !== is ? [`It was computed on a processor ${was}; this is ${is}.`] : [];
}

/** What a run touched that the notebook does not pin, in words. Nothing is said of a notebook without pins. */
export function unpinned(read: { releases: string[]; twins: string[] }, pins: FrontMatter): string[] {
  const say = (what: string, used: string[], pinned: string[]) =>
    pinned.length === 0
      ? []
      : used
          .filter((id) => !pinned.includes(id))
          .map((id) => `This cell used the ${what} ${id}, which the notebook does not pin.`);
  return [...say('release', read.releases, pins.releases), ...say('twin', read.twins, pins.twins)];
}
