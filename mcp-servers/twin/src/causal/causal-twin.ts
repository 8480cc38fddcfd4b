import type { ToolContext } from '@bregma/core/mcp/tool';
import type * as z from 'zod';
import { builtFrom } from '../card.ts';
import type { BuildRequest, TwinKind } from '../kinds/kind.ts';
import { loadProblem } from '../load-anatomy.ts';
import { fitCausal } from './fit.ts';
import type { CausalModel, CausalSettings } from './model.ts';
import { causalRival } from './rival.ts';
import { runCausal, silencedByName } from './run.ts';
import { validateCausal } from './validate.ts';

/** A kind that is fitted to measured responses to the stimulation of single neurons, within an anatomy. */
export function causalTwin<Options extends z.ZodObject>(
  given: Omit<CausalModel, 'settings'> & { options: Options; settings(options: z.output<Options>): CausalSettings },
): TwinKind {
  const { name, title, cite, options } = given;
  const model: CausalModel = { name, title, cite, settings: (found) => given.settings(options.parse(found)) };
  return {
    ...{ name, title, cite, options },
    needs: 'causal-responses',
    takes: {
      build: { part: 'first-half keeps the other half of the stimulated neurons for tests' },
      run: {
        stimulate: 'names of neurons',
        stimuli: 'columns of its data',
        perturb: '{silence: [{neurons: ["AVEL"]}]}, by name, without times',
      },
      validate: { controls: 'shuffled wirings to compare with' },
    },
    build: (request, context) => buildCausal(model, request, context),
    run: (twin, { stimuli, stimulate, perturb, limit }, context) =>
      runCausal(twin, { stimuli, stimulate, limit, silence: silencedByName(perturb, name) }, context),
    validate: (request, context) => validateCausal(model, request, context),
    rivals: causalRival,
  };
}

async function buildCausal(model: CausalModel, { data, part, options, seed }: BuildRequest, context: ToolContext) {
  const settings = model.settings(options);
  const problem = await loadProblem(data, settings, context.workspace);
  const card = await fitCausal(model, problem, settings, { part, seed }, context);
  return builtFrom(card, problem.recording, problem.sources);
}
