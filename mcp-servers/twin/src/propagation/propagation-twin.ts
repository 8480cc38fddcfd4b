import type * as z from 'zod';
import { builtFrom, withId } from '../card.ts';
import type { Connectome } from '../domain/connectome.ts';
import type { TwinKind } from '../kinds/kind.ts';
import { openConnectome, wiringCard } from '../wiring-card.ts';
import type { PropagationModel } from './model.ts';
import { runPropagation } from './run.ts';
import { validatePropagation } from './validate.ts';

/** A kind that predicts how every neuron responds when one is stimulated, from a connectome. */
export function propagationTwin<Options extends z.ZodObject>(
  given: Omit<PropagationModel, 'respond'> & {
    options: Options;
    respond(connectome: Connectome, options: z.output<Options>, signal: AbortSignal): Promise<Float64Array>;
  },
): TwinKind {
  const { name, title, cite, options } = given;
  const model: PropagationModel = {
    ...{ name, title, cite },
    respond: (connectome, found, signal) => given.respond(connectome, options.parse(found), signal),
  };
  return {
    ...{ name, title, cite, options },
    needs: 'connectome',
    takes: { run: { stimulate: 'names of neurons' }, validate: { controls: 'shuffled wirings to compare with' } },
    async build({ data: reference, options: found, seed }, context) {
      const data = await openConnectome(reference, context);
      const summary = { signs: 'not used: all synapses count as excitatory' };
      return builtFrom(withId(wiringCard(model, data, found, seed, summary)), data);
    },
    run: (twin, request, context) => runPropagation(model, twin, request, context),
    validate: (request, context) => validatePropagation(model, request, context),
  };
}
