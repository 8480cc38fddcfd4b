import type { ToolForm } from '@bregma/core/contracts/tool-form';
import { environment } from '@bregma/core/environment';
import { codeVersion } from '@bregma/core/version';
import { namesUsed } from './call.ts';
import type { Cell, Notebook } from './document.ts';
import { type DrawnFrom, type Freshness, freshness } from './freshness.ts';
import { readFrontMatter } from './front-matter.ts';
import type { NotebookFacts } from './queries/notebook-facts.ts';

/** What is to be asked of the records before cells can be judged: the activities that they show, and whose values others use. */
export function factsAsked(cells: Cell[]): { activities: string[]; valuesOf: string[] } {
  const used = new Set(cells.flatMap(namesUsed));
  const shown = cells.flatMap((cell) => (cell.kind !== 'prose' && cell.info.activity ? [cell.info] : []));
  const idOf = ({ activity }: { activity?: string }) => activity ?? '';
  return {
    activities: shown.map(idOf),
    valuesOf: shown.filter(({ name }) => name !== undefined && used.has(name)).map(idOf),
  };
}

/** Where nothing was recorded yet. */
export const noFacts: NotebookFacts = { recorded: {}, newest: {}, files: [] };

/** Whether what each cell shows is what it would give now, by this version of Bregma; undefined for prose. */
export function judge(
  { cells, frontMatter }: Pick<Notebook, 'cells' | 'frontMatter'>,
  tools: ToolForm[],
  facts: NotebookFacts,
  drawn: (index: number) => DrawnFrom | undefined,
): (Freshness | undefined)[] {
  return freshness(cells, {
    tools,
    recorded: (activity) => facts.recorded[activity],
    newest: (id) => facts.newest[id],
    pins: readFrontMatter(frontMatter),
    frontMatter,
    drawn,
    changedFiles: (release) =>
      facts.files.flatMap((one) => (one.release === release && one.changed ? [one.changed] : [])),
    code: codeVersion,
    environment,
  });
}
