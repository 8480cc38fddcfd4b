import { getHere, joinHere, leaderboardHere, listHere, runHere } from '../benchmark/steps.ts';
import type { Command, CommandInput } from '../command.ts';
import { runStep } from '../service/step.ts';

const steps: Record<string, (input: CommandInput) => Promise<number>> = {
  join: joinHere,
  list: listHere,
  get: getHere,
  run: runHere,
  leaderboard: leaderboardHere,
};

export const benchmark: Command = {
  name: 'benchmark',
  summary: 'see, run and compare sealed benchmarks',
  help: `Usage: bregma benchmark join --address ADDRESS --token-file FILE
       bregma benchmark list
       bregma benchmark get NAME --out FOLDER
       bregma benchmark run NAME (--twin TWIN | --predictions FILE.npy) [--network] [--tried TEXT] [--after RECORD]
       bregma benchmark leaderboard [NAME] --out FILE.html

  join         keeps where the scorer is in your settings; BREGMA_SCORER and BREGMA_SCORER_TOKEN come before these
  list         benchmarks of the scorer, with what is left of their budgets; without a scorer those that one can take in
  get          writes what a benchmark gives away (stimuli, open responses) as NPY files, for add_data
  run          has a twin, or predictions [unit × item], scored: the tool score_twin, and its record in the workspace
                 --network    sends the twin itself, which the scorer runs in a process without files and network
                 --tried      what is new in this attempt; --after: the attempt that it goes on from
  leaderboard  a page of its own, from the scorer's log: scores with intervals, ties, open minus sealed, controls, who
               measured them, and what could be known of the answers

A scorer is run by another user: bregma scorer --help`,
  options: {
    address: { type: 'string' },
    'token-file': { type: 'string' },
    out: { type: 'string' },
    twin: { type: 'string' },
    predictions: { type: 'string' },
    network: { type: 'boolean' },
    tried: { type: 'string' },
    after: { type: 'string' },
  },
  run: (input) => runStep('benchmark', steps, input),
};
