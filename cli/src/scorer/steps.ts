import path from 'node:path';
import type { Source } from '@bregma/benchmarks/benchmark';
import { mechanisms, type QueryBudget } from '@bregma/core/contracts/benchmark';
import { BregmaError } from '@bregma/core/errors';
import { findDataset } from '@bregma/core/ledger/catalogue';
import { withDecimals } from '@bregma/core/numbers';
import { scorerService } from '@bregma/core/service/service';
import { openWorkspace, type Workspace } from '@bregma/core/workspace';
import { addBenchmark, registeredBenchmark } from '@bregma/scorer/add';
import { ScorerBook } from '@bregma/scorer/book';
import { networkRunner } from '@bregma/scorer/run-network';
import { sealFolder } from '@bregma/scorer/seal';
import { serveScorer } from '@bregma/scorer/serve';
import type { CommandInput } from '../command.ts';
import { connectServer, networkProgram } from '../servers.ts';
import { folderAsked, listenAsked, toldToEnd } from '../service/asked.ts';

/** Opens the scorer's folder for as long as a step lasts. */
async function inBook<Result>(
  { values }: CommandInput,
  step: (book: ScorerBook) => Result | Promise<Result>,
): Promise<Result> {
  const book = new ScorerBook(folderAsked(scorerService, values));
  try {
    return await step(book);
  } finally {
    book.close();
  }
}

/** Where a scorer keeps the releases that its benchmarks are made from: a workspace in its own folder. */
const sourceFolder = (folder: string) => path.join(folder, 'source');

function sourceIn(workspace: Workspace): Source {
  return {
    release: (reference) => findDataset(workspace.ledger, reference),
    objects: workspace.objects,
    signal: new AbortController().signal,
  };
}

/** Runs a scorer until it is told to end. */
export async function serveHere({ values }: CommandInput): Promise<number> {
  const folder = folderAsked(scorerService, values);
  new ScorerBook(folder).close();
  const workspace = openWorkspace(sourceFolder(folder));
  const parts = { runNetwork: networkRunner(networkProgram()), source: sourceIn(workspace) };
  const served = await serveScorer(folder, listenAsked(scorerService, values), parts);
  console.log(`The scorer answers at ${served.address}`);
  await toldToEnd();
  await served.close();
  workspace.close();
  return 0;
}

/** Takes a registered benchmark in: its data are added to a workspace in the scorer's folder, as anybody adds data. */
export function addHere(input: CommandInput): Promise<number> {
  const [name = ''] = input.positionals;
  const benchmark = registeredBenchmark(name);
  return inBook(input, async (book) => {
    const folder = sourceFolder(book.folder);
    const atlas = await connectServer('atlas', folder, 'bregma-scorer');
    try {
      for (const source of benchmark.data) await atlas.call('add_data', { source, agree: input.values.agree === true });
    } finally {
      await atlas.close();
    }
    const workspace = openWorkspace(folder);
    try {
      await addBenchmark(book, benchmark, sourceIn(workspace));
    } finally {
      workspace.close();
    }
    console.log(`${name} is in: ${benchmark.title}`);
    return 0;
  });
}

/** Makes a benchmark of a folder of a person's. */
export function sealHere(input: CommandInput): Promise<number> {
  const { positionals, values } = input;
  const [folder] = positionals;
  const name = String(values.name ?? '');
  if (!folder || !/^[a-z][a-z0-9-]{1,39}$/.test(name))
    throw new BregmaError('bad-input', 'A folder is sealed under a name of 2 to 40 small letters, digits and dashes.', {
      next: 'bregma scorer seal FOLDER --name NAME --folder DIR. Take a name that tells nothing of the data.',
    });
  return inBook(input, (book) => {
    sealFolder(book, path.resolve(folder), {
      name,
      title: String(values.title ?? name),
      open: shareAsked(values.open),
      budget: budgetAsked(values.budget),
      mechanism: mechanismAsked(values.mechanism),
      licence: String(values.licence ?? 'not stated'),
    });
    const { card } = book.set(name);
    console.log(
      `${name} is sealed: ${card.items.count - card.items.open.length} of ${card.items.count} stimuli, in steps of ${card.step}.\nKeep ${folder} where nobody who is judged can read it, or remove it.`,
    );
    return 0;
  });
}

function shareAsked(given: unknown): number {
  const share = Number(given ?? 0.5);
  if (share >= 0 && share <= 0.9) return share;
  throw new BregmaError('bad-input', `--open ${given} is no share.`, { next: 'Give a number from 0 to 0.9.' });
}

function budgetAsked(given: unknown): QueryBudget {
  const [workspace, person, ...more] = String(given ?? '20,60')
    .split(',')
    .map(Number);
  if (more.length === 0 && [workspace, person].every((count) => Number.isInteger(count) && count > 0))
    return { workspace, person };
  throw new BregmaError('bad-input', `--budget ${given} is no budget.`, {
    next: 'Give two whole numbers: askings of a workspace, and of a person, as in 20,60.',
  });
}

function mechanismAsked(given: unknown): (typeof mechanisms)[number] {
  const found = mechanisms.find((one) => one === (given ?? 'ladder'));
  if (found) return found;
  throw new BregmaError('bad-input', `There is no mechanism '${given}'.`, {
    next: `There are: ${mechanisms.join(', ')}.`,
  });
}

/** Lets a person in, and prints their token. */
export function admitPerson(input: CommandInput): Promise<number> {
  return inBook(input, (book) => {
    console.log(book.admit(input.positionals.join(' ')));
    return 0;
  });
}

/** Says what the scorer holds, to its own user. */
export function listHere(input: CommandInput): Promise<number> {
  return inBook(input, (book) => {
    for (const name of book.names()) {
      const { card, title } = book.set(name);
      console.log(
        `${name}  ${title}\n  ${card.exposure}, step ${card.step}, cap ${withDecimals(card.cap, 3)}, sealed ${card.sealed.slice(0, 16)}…`,
      );
    }
    return 0;
  });
}
