import { BregmaError } from '@bregma/core/errors';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { median } from '@bregma/core/statistics/correlation';
import * as z from 'zod';
import { countedNeurons, rankStimuli } from '../design/discriminate.ts';
import { evaluateOrder, trialPool } from '../design/evaluate-order.ts';
import { openRivals } from '../design/open-rivals.ts';
import { Synthesise, synthesiseForm } from '../synthesis/request.ts';
import { synthesise } from '../synthesis/synthesise.ts';

export const designExperiment = defineTool({
  name: 'design_experiment',
  question:
    'Which stimuli (images, or neurons to stimulate) best tell two rival twins apart, and what did that order save? Which new images would, or drive a neuron most?',
  input: z.object({
    twins: z.array(z.string()).min(1).max(2),
    data: z.string().optional().describe('Candidate stimuli; default: those of the twins, unseen by both'),
    count: z.number().int().min(1).optional().describe('How many to choose; default all, ranked'),
    experiment: z.string().optional().describe('Finished: compare this order with random ones on its trials'),
    orders: z.number().int().min(10).max(1000).default(200),
    // Advertised as any object with its form in words; read as Synthesise.
    synthesise: z.looseObject({}).pipe(Synthesise).optional().describe(synthesiseForm),
    limit: z.number().int().min(1).max(50).default(10),
    seed: z.number().int().min(0).default(0),
  }),
  output: z.looseObject({
    stimuli: z.looseObject({ object: z.string() }),
    ranking: z.array(z.looseObject({ stimulus: z.number() })).optional(),
  }),
  effect: 'compute',
  async run({ twins: ids, data: reference, count, experiment, orders, synthesise: asked, limit, seed }, context) {
    const { ledger, objects } = context.workspace;
    const twins = ids.map((id) => findTwin(ledger, id));
    if (ids.length < 2 && !asked)
      throw new BregmaError('bad-input', 'Stimuli are ranked for two rival twins; one was given.', {
        next: 'Name two twins, or pass synthesise to make images for one.',
      });
    if (ids[0] === ids[1])
      throw new BregmaError('bad-input', 'A twin is no rival of itself.', { next: 'Name two different twins.' });
    if (twins.length === 2 && twins[0].data !== twins[1].data)
      throw new BregmaError(
        'bad-input',
        `${ids[0]} predicts neurons of ${twins[0].data}, ${ids[1]} those of ${twins[1].data}.`,
        { next: 'Rivals predict the same neurons: build both on one data set.' },
      );
    if (asked) {
      const ranking = Object.entries({ data: reference, count, experiment }).find(([, value]) => value !== undefined);
      if (ranking)
        throw new BregmaError('bad-input', `${ranking[0]} is for stimuli that are there; synthesise makes new ones.`, {
          next: `Leave ${ranking[0]} out.`,
        });
      return synthesise(twins, asked, seed, context);
    }
    // What cannot be compared with is refused before anything is predicted.
    const finished = experiment === undefined ? undefined : trialPool(experiment, context.workspace);
    const rivals = await openRivals(twins, reference, context);
    const { stimuli, first, second, candidates } = rivals;
    if (candidates.length === 0)
      throw new BregmaError(
        'conflict',
        `The twins were fitted on every stimulus of ${rivals.reference}: none is left to tell them apart.`,
        { next: 'Build them with part: "first-half", or name other stimuli as data.' },
      );
    const counted = countedNeurons(rivals).length;
    if (counted === 0)
      throw new BregmaError('conflict', 'Of no neuron the scatter of a trial is known: nothing can be ranked.', {
        next: 'Fit the twins on data in which responses vary, best with repeats.',
      });
    const ranked = rankStimuli(rivals, candidates);
    if (ranked[0].gain === 0)
      throw new BregmaError(
        'conflict',
        `${ids.join(' and ')} predict the same of every candidate: none tells them apart.`,
        {
          next: 'Twins that differ in nothing that they predict are no rivals.',
        },
      );
    const chosen = ranked.slice(0, count ?? ranked.length);
    const list = objects.put(JSON.stringify(chosen.map(({ stimulus }) => stimulus)), 'application/json');
    const predictions = [first, second].map((values, i) => ({
      twin: ids[i],
      ...objects.put(writeNpy({ data: values, shape: [rivals.neurons, stimuli] }), 'application/x-npy'),
    }));
    const gains = ranked.map(({ gain }) => gain);
    return {
      value: {
        stimuli: list,
        chosen: chosen.length,
        candidates: candidates.length,
        ranking: chosen.slice(0, limit).map((row) => ({
          stimulus: row.stimulus,
          neuron: rivals.nameOf?.(row.stimulus),
          gainNats: row.gain,
          separation: row.separation,
        })),
        gainNats: {
          best: gains[0],
          median: median(gains),
          worst: gains[gains.length - 1],
          of: `one trial of one neuron, mean over ${counted} neurons; at most ln 2 = 0.693`,
        },
        neuronsLeftOut:
          counted === rivals.neurons
            ? undefined
            : `${rivals.neurons - counted} of ${rivals.neurons}: their trials never varied, or were too few, so how they scatter is not known`,
        predictions,
        evaluation: finished && (await evaluateOrder(rivals, finished, orders, seed, context)),
      },
      kind: 'predicted',
      n: { count: counted, of: 'neurons' },
      completeness: { returned: Math.min(limit, chosen.length), available: chosen.length, of: 'ranked stimuli' },
      release: [rivals.reference],
      licence: [rivals.release.card.licence],
      cite: ['Lindley 1956, Ann Math Stat 27:986', ...rivals.release.card.cite],
      inputs: [...ids, rivals.reference, ...(experiment ? [experiment] : [])],
      outputs: [list.object, ...predictions.map(({ object }) => object)],
      seed,
    };
  },
});
