import { existsSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerName } from '@bregma/core/contracts/server-name';
import { BregmaError } from '@bregma/core/errors';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { Ledger } from '@bregma/core/ledger/ledger';
import { type PageShown, publishPage } from '@bregma/core/ledger/published';
import { ShownValues } from '@bregma/core/ledger/shown';
import type { ServerConnection } from '@bregma/core/mcp/client';
import { decode } from '@bregma/notebooks/decode';
import type { Notebook } from '@bregma/notebooks/document';
import { nextStep } from '@bregma/notebooks/in-step';
import { noFacts } from '@bregma/notebooks/judge';
import { parse } from '@bregma/notebooks/parse';
import { notebookFacts } from '@bregma/notebooks/queries/notebook-facts';
import { notebookHypothesis } from '@bregma/notebooks/queries/notebook-hypothesis';
import { notebookPictures } from '@bregma/notebooks/queries/notebook-pictures';
import { notebookRows } from '@bregma/notebooks/queries/notebook-rows';
import { notebookView } from '@bregma/notebooks/queries/notebook-view';
import type { Records } from '@bregma/notebooks/queries/records';
import { type CellOutcome, type Runner, runNotebook } from '@bregma/notebooks/run-notebook';
import { serialize } from '@bregma/notebooks/serialize';
import { chartProgram, connectServer, toolForms } from '../servers.ts';
import type { RunFormat } from './formats.ts';
import { renderTo } from './render-to.ts';
import { Teller } from './teller.ts';

/** How a notebook is to be run. */
export interface RunOptions {
  workspace: string;
  to?: RunFormat;
  /** Absolute. */
  out?: string;
  check: boolean;
  anew: boolean;
  mayAct: boolean;
  signal: AbortSignal;
}

/** What a run left. */
export interface FileRun {
  outcomes: CellOutcome[];
  /** Files that were written, absolute. */
  wrote: string[];
  /** Why the notebook itself was not written. */
  problem?: string;
}

/** Runs the notebook in a file, writes which activity each cell shows into it, and renders it. Throws what keeps it from beginning. */
export async function runFile(file: string, options: RunOptions): Promise<FileRun> {
  const text = read(file);
  const open = new Map<ServerName, Promise<ServerConnection>>();
  const records = new OpenRecords(options.workspace);
  const tell = new Teller();
  try {
    const runner = await runnerOf(options, open, records, tell);
    const run = await runNotebook(parse(text), runner);
    tell.done();
    const wrote: string[] = [];
    const { notebook, problem } = options.check ? { notebook: run.notebook } : keep(file, text, run.notebook, wrote);
    if (options.to && !options.signal.aborted)
      wrote.push(
        ...(await renderTo(options.to, {
          file,
          out: options.out,
          notebook,
          runner,
          publish: (shown) => records.publish(shown),
        })),
      );
    return { outcomes: run.outcomes, wrote, problem };
  } finally {
    tell.done();
    records.close();
    for (const connection of open.values()) await connection.then((one) => one.close()).catch(() => {});
  }
}

function read(file: string): string {
  if (!file.endsWith('.bregma.md'))
    throw new BregmaError('bad-input', `A notebook is a *.bregma.md, and not ${path.basename(file)}.`, {
      next: 'Other Markdown is not run: its code may be an example. Rename it if it is a notebook.',
    });
  if (!existsSync(file) || !statSync(file).isFile())
    throw new BregmaError('missing', `There is no notebook at ${file}.`, { next: 'Look at the path.' });
  return decode(readFileSync(file));
}

/** Writes the notebook, with what was changed in the file meanwhile. */
function keep(file: string, was: string, mine: Notebook, wrote: string[]): { notebook: Notebook; problem?: string } {
  if (serialize(mine) === was) return { notebook: mine };
  const disk = decode(readFileSync(file));
  const step = nextStep({ base: was, mine, disk, dirty: true });
  if (step.is === 'ask')
    return {
      notebook: mine,
      problem: `${path.basename(file)} was changed while it ran, in ${step.conflicts.join(' and ')}: it was not written. The calls are on record; run it again.`,
    };
  const notebook = step.is === 'merge' ? step.notebook : mine;
  const text = serialize(notebook);
  if (text === disk) return { notebook };
  // Whole or not at all, and through a link to the file that it means.
  const target = realpathSync(file);
  const beside = `${target}.${process.pid}.tmp`;
  writeFileSync(beside, text, { mode: statSync(target).mode, flag: 'wx' });
  renameSync(beside, target);
  wrote.push(file);
  return { notebook };
}

async function runnerOf(
  { workspace, check, anew, mayAct, signal }: RunOptions,
  open: Map<ServerName, Promise<ServerConnection>>,
  records: OpenRecords,
  tell: Teller,
): Promise<Runner> {
  const connection = (server: ServerName) => {
    const opened = open.get(server) ?? connectServer(server, workspace, 'bregma-run');
    open.set(server, opened);
    return opened;
  };
  return {
    tools: await toolForms(workspace),
    facts: async (activities, valuesOf) =>
      records.there() ? notebookFacts(records.read(), activities, valuesOf) : noFacts,
    allow: async ({ tool }, before) => {
      if (mayAct) return;
      const ran = before ? ` This cell ran already, as ${before}, and is not fresh.` : '';
      throw new BregmaError('not-allowed', `${tool} cannot be taken back: it was not run.${ran}`, {
        next: 'Run it with --act once you mean it.',
      });
    },
    call: async ({ server, tool, args }) => {
      const to = await connection(server);
      return to.call(tool, args, { signal, onProgress: (progress) => tell.progress(progress) });
    },
    source: {
      pictures: async (activity) => notebookPictures(records.read(), activity),
      rows: async (activity) => notebookRows(records.read(), activity),
      hypothesis: async (id) => notebookHypothesis(records.read(), id),
      view: async (raw, activity) => records.shown(raw, (store) => notebookView(store, raw, activity)),
      program: chartProgram(),
    },
    anew,
    onlyJudge: check,
    signal,
    onCell: (cell) => tell.cell(cell),
  };
}

/** The records of a workspace, opened when there are any. */
class OpenRecords {
  private readonly bregma: string;
  private readonly values: ShownValues;
  private opened: Records | undefined;

  constructor(workspace: string) {
    this.bregma = path.join(workspace, '.bregma');
    this.values = new ShownValues(this.bregma, 'bregma run');
  }

  there(): boolean {
    return existsSync(path.join(this.bregma, 'ledger.sqlite'));
  }

  /** Throws `missing` when there are none yet. */
  read(): Records {
    if (!this.there())
      throw new BregmaError('missing', `There are no Bregma records in ${path.dirname(this.bregma)} yet.`, {
        next: 'Run a cell first, or name the folder with --workspace.',
      });
    if (this.opened) return this.opened;
    const ledger = new Ledger(this.bregma, { readOnly: true });
    const objects = new OpenObjects(path.join(this.bregma, 'objects'), () => ledger);
    this.opened = { bregma: this.bregma, ledger, objects };
    return this.opened;
  }

  /** What `show` makes of the records; values that it shows are on record first. */
  async shown<Made>(cell: unknown, show: (store: Records) => Promise<Made>): Promise<Made> {
    const startedAt = new Date();
    const { ledger, objects, bregma } = this.read();
    const made = await show({ ledger, objects, bregma });
    await this.values.remember(objects, ledger, { name: 'show', given: { cell }, startedAt });
    return made;
  }

  /** Puts on record that a page is published; undefined where there are no records. */
  async publish(shown: PageShown) {
    return this.there() ? publishPage(this.bregma, 'bregma run', shown) : undefined;
  }

  close(): void {
    this.opened?.ledger.close();
  }
}
