import { BregmaError } from '@bregma/core/errors';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { describeValidity } from '../causal/describe-validity.ts';
import { advantage, causalCorrelation, matchNeurons, withoutConnections } from '../causal/validity.ts';
import { loadCausal } from '../data.ts';
import { shuffleWiring } from '../domain/connectome.ts';
import type { ValidationRequest } from '../kinds/kind.ts';
import { loadConnectome } from '../load-connectome.ts';
import type { PropagationModel } from './model.ts';

/** Correlation of a connectome twin with measured causal responses, beside the same twin on shuffled wiring. */
export async function validatePropagation(
  model: PropagationModel,
  { twin, data, protocol, controls = 20, seed }: ValidationRequest,
  context: ToolContext,
) {
  if (!twin || protocol !== 'heldout') {
    throw new BregmaError('bad-input', `${model.name} is fitted to nothing but its connectome: there are no folds.`, {
      next: 'Build it with build_twin on a connectome, then validate_twin {twin, data: a causal-responses release, protocol: "heldout"}.',
    });
  }
  const [{ connectome, reference: wiring, release: source }, recording] = await Promise.all([
    loadConnectome(twin.data, context.workspace),
    loadCausal(data, context.workspace),
  ]);
  const match = (responses: Float64Array) => matchNeurons({ names: connectome.neurons, responses }, recording);
  const evaluate = async (wired: typeof connectome) => match(await model.respond(wired, twin.options, context.signal));
  const matched = await evaluate(connectome);
  if (matched.names.length < 3)
    throw new BregmaError(
      'bad-input',
      `${wiring} and ${recording.reference} share ${matched.names.length} neurons by name.`,
    );
  const shuffled: Float64Array[] = [];
  for (let i = 0; i < controls; i++) {
    context.progress({ done: i, total: controls, message: 'shuffled wiring' });
    shuffled.push((await evaluate(shuffleWiring(connectome, `${seed} ${i}`))).predicted);
  }
  const overShuffled = shuffled.map((predicted) => causalCorrelation({ ...matched, predicted }));
  const described = describeValidity(matched, { recording, connectome, anatomy: [wiring] }, context.workspace);
  const alone = withoutConnections(matched);
  return {
    ...described,
    value: {
      protocol,
      twin: twin.id,
      kind: model.name,
      ...described.value,
      control: median(overShuffled),
      controlRange: {
        low: Math.min(...overShuffled),
        high: Math.max(...overShuffled),
        p95: quantile(overShuffled, 0.95),
        n: controls,
      },
      controlIs: 'the same twin on degree-preserving shuffles of its wiring',
      controlAdvantage: advantage(matched, shuffled),
      connectionBlind: {
        leaveOneOutMean: {
          pearson: causalCorrelation({ ...matched, predicted: alone }),
          advantage: advantage(matched, [alone]),
          is: 'the mean measured response of each neuron to the other stimulations',
        },
      },
    },
    licence: [source.card.licence, recording.release.card.licence],
    cite: [...twin.cite, ...recording.release.card.cite],
    inputs: [twin.id, wiring, recording.reference],
    seed,
  };
}
