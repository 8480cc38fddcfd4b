import path from 'node:path';
import { plainJson } from '@bregma/core/contracts/plain-text';
import { BregmaError } from '@bregma/core/errors';
import type { Command } from '../command.ts';
import { runFormats } from '../notebook/formats.ts';

const cancelled = 130;

export const run: Command = {
  name: 'run',
  summary: 'run a notebook without an editor, and render it as HTML, Jupyter or pictures',
  help: `Usage: bregma run NOTEBOOK [--to html|ipynb|qmd|png] [--out PATH] [--check] [--all] [--act] [--json] [--workspace DIR]

  bregma run tuning.bregma.md
  bregma run tuning.bregma.md --to html --out site/tuning.html
  bregma run tuning.bregma.md --check

Runs the cells of a *.bregma.md that are not fresh, in their order, until one fails, against the records of the workspace. Which
activity each cell shows is written at the end of the file, as the editor does; what was written into the file meanwhile stays.

--to     html: one file that needs nothing else; ipynb: Jupyter, nbformat 4.5; qmd: Quarto, which shows what the cells
         show and runs nothing; png: a file for each picture
--out    where to; without it beside the notebook (png: a folder, NOTEBOOK-pictures)
--check  runs nothing and writes no notebook: is every cell fresh?
--all    runs fresh cells too
--act    runs cells that cannot be taken back too: they spend error budget, freeze, or use the subject
--json   prints what became of each cell as JSON

What became of each cell goes to stdout, progress to stderr. Ctrl-C ends the cell that runs; what ran before it is kept.
Exit code 0: every cell is fresh. 1: a cell failed, or under --check is not fresh. 130: cancelled.`,
  options: {
    to: { type: 'string' },
    out: { type: 'string' },
    check: { type: 'boolean' },
    all: { type: 'boolean' },
    act: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  async run({ positionals, values, workspace }) {
    const [file, other] = positionals;
    if (file === undefined || other !== undefined)
      throw new BregmaError('bad-input', file === undefined ? 'Name a notebook.' : 'One notebook is run at a time.', {
        next: 'bregma run analysis.bregma.md',
      });
    const to = runFormats.find((format) => format === values.to);
    if (values.to !== undefined && !to)
      throw new BregmaError('bad-input', `A notebook is rendered to ${runFormats.join(', ')}, not to '${values.to}'.`);
    if (values.out !== undefined && !to)
      throw new BregmaError(
        'bad-input',
        '--out says where a rendered notebook goes: add --to html, ipynb, qmd or png.',
      );
    if (values.check && (values.all || values.act))
      throw new BregmaError('bad-input', '--check runs nothing: leave --all and --act out.');
    const abort = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
    // What draws and exports is loaded here, so that other commands do not wait for it.
    const { runFile } = await import('../notebook/run-file.ts');
    const { outcomes, wrote, problem } = await runFile(path.resolve(file), {
      workspace,
      to,
      out: values.out === undefined ? undefined : path.resolve(String(values.out)),
      check: values.check === true,
      anew: values.all === true,
      mayAct: values.act === true,
      signal: abort.signal,
    });
    if (values.json) console.log(plainJson({ cells: outcomes, wrote, ...(problem && { problem }) }, 2));
    else {
      for (const outcome of outcomes) for (const line of linesOf(outcome)) console.log(line);
      for (const one of wrote) console.log(`wrote ${path.relative(process.cwd(), one) || one}`);
      if (problem) console.error(problem);
    }
    if (abort.signal.aborted) return cancelled;
    const whole = outcomes.every(({ outcome }) => ['ran', 'kept', 'drawn'].includes(outcome));
    return whole && !problem ? 0 : 1;
  },
};

const signs: Record<string, string> = {
  ran: '✓ ran',
  kept: '✓ fresh',
  drawn: '✓ drawn',
  failed: '✗ failed',
  stale: '✗ stale',
  'not-run': '✗ not run',
  'not-reached': '· not reached',
};

/** A cell as lines of text: what became of it, and why. */
const linesOf = ({
  outcome,
  kind,
  name,
  index,
  activity,
  said,
}: {
  outcome: string;
  kind: string;
  name?: string;
  index: number;
  activity?: string;
  said: string[];
}): string[] => [
  [signs[outcome], kind, name ?? `(cell ${index + 1})`, activity].filter(Boolean).join('  '),
  ...said.map((sentence) => `    ${sentence}`),
];
