import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { defineTool } from '@bregma/core/mcp/tool';
import { digestOf } from '@bregma/core/store/canonical';
import * as z from 'zod';
import { type ConnectomeData, loadConnectome, loadEncoding } from '../data.ts';
import { firstHalf } from '../domain/validate.ts';
import { findKind, parseOptions } from '../find-kind.ts';
import { fitCausal } from '../fit-causal.ts';
import { fitEncoding } from '../fit-encoding.ts';
import type { PropagationKind, SpikingKind } from '../kinds/kind.ts';
import { loadProblem } from '../load-anatomy.ts';

export const buildTwin = defineTool({
  name: 'build_twin',
  question:
    'Make a twin of a data set: encoding-ridge, encoding-pixel (images), linear-propagation, lif-connectome (wiring), connectome-dynamics (causal responses).',
  input: z.object({
    kind: z.string(),
    data: z.string().describe('id@release'),
    part: z
      .enum(['all', 'first-half'])
      .default('all')
      .describe('first-half keeps the other half of the stimuli for tests'),
    options: z.record(z.string(), z.unknown()).optional().describe('find_twins lists them'),
    seed: z.number().int().min(0).default(0),
  }),
  output: z.looseObject({ twin: z.string() }),
  effect: 'compute',
  async run({ kind: name, data: reference, part, options: given, seed }, context) {
    const kind = findKind(name);
    const options = parseOptions(kind, given);
    if (kind.family === 'causal') {
      const settings = kind.settings(options);
      const problem = await loadProblem(reference, settings, context.workspace);
      const card = await fitCausal(kind, problem, settings, { part, seed }, context);
      const built = outcome(card, problem.recording);
      return {
        ...built,
        release: [...built.release, ...problem.sources.references],
        licence: [...built.licence, ...problem.sources.licences],
        cite: [...built.cite, ...problem.sources.cite],
        inputs: [...built.inputs, ...problem.sources.references],
      };
    }
    if (kind.family !== 'encoding') {
      if (part !== 'all')
        throw new BregmaError('bad-input', `${name} is not fitted to stimuli: it has no halves.`, {
          next: 'Leave part out.',
        });
      const data = await loadConnectome(reference, context.workspace);
      return outcome(connectomeCard(kind, data, options, seed), data);
    }
    const data = loadEncoding(reference, context.workspace);
    const count = data.images.count;
    const rows = part === 'all' ? Int32Array.from({ length: count }, (_, i) => i) : firstHalf(count, data.reference);
    return outcome(await fitEncoding(kind, data, options, { part, rows, seed }, context), data);
  },
});

/** A twin that is its connectome and its options: nothing is fitted, so nothing is stored but the card. */
function connectomeCard(
  kind: PropagationKind | SpikingKind,
  { reference, release, connectome }: ConnectomeData,
  options: Record<string, unknown>,
  seed: number,
): TwinCard {
  const card: Omit<TwinCard, 'id'> = {
    kind: kind.name,
    title: kind.title,
    data: reference,
    fittedOn: { part: 'all', n: connectome.neurons.length, of: 'neurons' },
    exposure: release.card.exposure,
    options,
    seed,
    files: [],
    summary: {
      neurons: connectome.neurons.length,
      edges: connectome.pre.length,
      signs: signsOf(kind, connectome, options, seed),
    },
    cite: kind.cite,
  };
  return { id: `twin-${digestOf(card).slice(0, 16)}`, ...card };
}

/** What the card says about signs; building fails here when a spiking twin would have to guess them silently. */
function signsOf(
  kind: PropagationKind | SpikingKind,
  connectome: ConnectomeData['connectome'],
  options: Record<string, unknown>,
  seed: number,
): string {
  if (kind.family === 'propagation') return 'not used: all synapses count as excitatory';
  const { signs, unknown } = kind.network(connectome, options, seed);
  const inhibitory = signs.filter((sign) => sign < 0).length;
  return `${inhibitory} of ${signs.length} neurons inhibit; ${unknown === 0 ? 'all from the data' : `${options.signs} for ${unknown} whose transmitter is not known`}`;
}

function outcome(
  card: TwinCard,
  { reference, release }: { reference: string; release: { card: { licence: string; cite: string[]; kind: string } } },
) {
  const { fittedOn, ...rest } = card;
  return {
    value: {
      twin: card.id,
      kind: card.kind,
      data: card.data,
      options: card.options,
      fittedOn: { part: fittedOn.part, n: fittedOn.n, of: fittedOn.of },
      summary: rest.summary,
      files: card.files,
      next: 'Judge it with validate_twin before you believe it.',
    },
    kind: 'derived' as const,
    n: { count: fittedOn.n, of: fittedOn.of },
    release: [reference],
    licence: [release.card.licence],
    cite: [...card.cite, ...release.card.cite],
    inputs: [reference],
    outputs: card.files.map(({ object }) => object),
    seed: card.seed,
    records: [{ kind: 'twin' as const, subject: card.id, body: card }],
  };
}
