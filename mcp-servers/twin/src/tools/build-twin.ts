import { digestOf } from '@bregma/core/canonical';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { inSlices } from '@bregma/core/in-slices';
import { defineTool } from '@bregma/core/mcp/tool';
import * as z from 'zod';
import { fitCausal } from '../causal/fit.ts';
import { type ConnectomeData, loadConnectome, loadEncoding } from '../data.ts';
import { fitEncoding } from '../encoding/fit.ts';
import { firstHalf } from '../encoding/score.ts';
import { findKind, parseOptions } from '../find-kind.ts';
import type { PropagationKind, SpikingKind } from '../kinds/kind.ts';
import { loadProblem } from '../load-anatomy.ts';
import { describeSelfLoops, treatSelfLoops } from '../spiking/self-loops.ts';
import { weightUnitOf } from '../spiking/signed-network.ts';
import { assignSigns, describeSigns, knownSigns } from '../spiking/signs.ts';

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
      const data = await loadConnectome(reference, context.workspace, {
        signal: context.signal,
        onProgress: (done, total) => context.progress({ done, total, message: 'reading connections' }),
      });
      return outcome(await connectomeCard(kind, data, options, seed, context.signal), data);
    }
    const data = loadEncoding(reference, context.workspace);
    const count = data.images.count;
    const rows = part === 'all' ? Int32Array.from({ length: count }, (_, i) => i) : firstHalf(count, data.reference);
    return outcome(await fitEncoding(kind, data, options, { part, rows, seed }, context), data);
  },
});

/** A twin that is its connectome and its options: nothing is fitted, so nothing is stored but the card. */
async function connectomeCard(
  kind: PropagationKind | SpikingKind,
  data: ConnectomeData,
  options: Record<string, unknown>,
  seed: number,
  signal: AbortSignal,
): Promise<TwinCard> {
  const { reference, release, connectome, tables } = data;
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
      dataKind: release.card.kind,
      tables,
      ...(kind.family === 'propagation'
        ? { signs: 'not used: all synapses count as excitatory' }
        : await spikingSummary(kind, data, options, seed, signal)),
    },
    cite: kind.cite,
  };
  return { id: `twin-${digestOf(card).slice(0, 16)}`, ...card };
}

/** What the card says about signs, weights and self-loops; building fails here when a sign would have to be guessed silently. */
async function spikingSummary(
  kind: SpikingKind,
  { connectome: given, weightUnit }: ConnectomeData,
  options: Record<string, unknown>,
  seed: number,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const { signs: choice, selfLoops } = kind.model(options);
  const loops = await inSlices(treatSelfLoops(given, selfLoops), signal);
  const { connectome } = loops;
  const known = await inSlices(knownSigns(connectome, choice), signal);
  assignSigns(connectome, known, choice, `${seed} 0`);
  const unit = await inSlices(weightUnitOf(connectome), signal);
  let electrical = 0;
  for (let edge = 0; edge < connectome.pre.length; edge++) electrical += connectome.electrical[edge];
  return {
    signs: describeSigns(known, choice),
    transmitters: 'acetylcholine, dopamine, serotonin, octopamine excite; GABA, glutamate, histamine inhibit (the fly)',
    weights:
      unit.perSynapse === 1
        ? `whole numbers (${weightUnit})`
        : `${weightUnit}; simulated in steps of 1/${unit.perSynapse}, error at most ${unit.largestError.toPrecision(2)}, ${unit.lost} connections round to nothing`,
    electrical: `${electrical} connections, not part of this model`,
    autapses: describeSelfLoops(loops, selfLoops),
  };
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
