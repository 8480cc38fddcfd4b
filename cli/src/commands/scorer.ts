import type { Command, CommandInput } from '../command.ts';
import { addHere, admitPerson, listHere, sealHere, serveHere } from '../scorer/steps.ts';
import { runStep } from '../service/step.ts';

const steps: Record<string, (input: CommandInput) => Promise<number>> = {
  serve: serveHere,
  add: addHere,
  seal: sealHere,
  person: admitPerson,
  list: listHere,
};

export const scorer: Command = {
  name: 'scorer',
  summary: 'judge predictions on sealed data that no agent can read',
  help: `Usage: bregma scorer add BENCHMARK --folder DIR [--agree]
       bregma scorer seal FOLDER --name NAME --folder DIR [--title TEXT] [--open SHARE] [--budget N,M] [--mechanism NAME]
       bregma scorer person NAME --folder DIR
       bregma scorer serve --folder DIR (--socket PATH | --listen HOST:PORT)
       bregma scorer list --folder DIR

Rules inside an agent's own tools seal nothing: it reads answers through a subprocess, a cache, a copy. A scorer is a process of
another OS user, or on another host, that alone reads them. It takes predictions, or a network that it runs in a third process
without files and network, and tells a score in whole steps of at least one standard error, only when it is better than the best
so far (the Ladder). It counts askings per workspace and per person, keeps a chained log, and signs what it says. Each score says
whether the client's user could look into it: that user tries first, and the receipt has what came of it.

As the scorer's own user, with a DIR that nobody else can enter:
  add      takes a registered benchmark in (bregma benchmark list); its data come through the registry, as with add_data
  seal     makes a benchmark of FOLDER/stimuli.npy [stimulus × …] and FOLDER/responses.npy [neuron × stimulus (× repeat)]
             --open SHARE      of the stimuli whose responses are given away (default 0.5; copies go together)
             --budget N,M      askings of a workspace, and of a person over all of theirs (default 20,60)
             --mechanism NAME  ladder (default) or thresholdout
  person   lets a person in, and prints their token; again: a new one, with what they spent
  serve    answers on a socket or a port (unencrypted: between hosts, in a tunnel)
  list     says what it holds

Give the person the token in a file; they run: bregma benchmark join --address unix:PATH --token-file FILE`,
  options: {
    folder: { type: 'string' },
    socket: { type: 'string' },
    listen: { type: 'string' },
    name: { type: 'string' },
    title: { type: 'string' },
    open: { type: 'string' },
    budget: { type: 'string' },
    mechanism: { type: 'string' },
    licence: { type: 'string' },
    agree: { type: 'boolean' },
  },
  run: (input) => runStep('scorer', steps, input),
};
