import { inSlices } from '@bregma/core/in-slices';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { withDigits } from '@bregma/core/numbers';
import type * as z from 'zod';
import { builtFrom, withId } from '../card.ts';
import type { ConnectomeData } from '../data.ts';
import { describeImputed, treatImputed } from '../keep-edges.ts';
import type { TwinKind } from '../kinds/kind.ts';
import { perturbForm } from '../perturb.ts';
import { openConnectome, wiringCard } from '../wiring-card.ts';
import { roundedDelay } from './lif-schedule.ts';
import type { SpikingModel, SpikingSettings } from './model.ts';
import { readPerturb } from './read-perturb.ts';
import { runSpiking } from './run.ts';
import { describeSelfLoops, treatSelfLoops } from './self-loops.ts';
import { weightUnitOf } from './signed-network.ts';
import { assignSigns, describeSigns, knownSigns } from './signs.ts';

/** A kind that simulates the spikes of every neuron of a connectome. */
export function spikingTwin<Options extends z.ZodObject>(
  given: Omit<SpikingModel, 'settings'> & { options: Options; settings(options: z.output<Options>): SpikingSettings },
): TwinKind {
  const { name, title, cite, options } = given;
  const model: SpikingModel = { name, title, cite, settings: (found) => given.settings(options.parse(found)) };
  return {
    ...{ name, title, cite, options },
    needs: 'connectome',
    takes: {
      run: {
        perturb: `{"activate": [{"neurons": ["ID"]}]}; its form: ${perturbForm}`,
        readout: 'neurons or type:NAME whose rate is the effect',
        duration_ms: 'of a trial',
        trials: 'how many',
        controls: 'rewired networks, and as many with exchanged signs',
        backend: 'auto, wasm, wasm-f64, webgpu',
      },
    },
    async build({ data: reference, options: found, seed }, context) {
      const data = await openConnectome(reference, context);
      const summary = await summaryOf(model, data, found, seed, context.signal);
      return builtFrom(withId(wiringCard(model, data, found, seed, summary)), data);
    },
    run: (twin, { perturb, readout, ...rest }, context) =>
      runSpiking(
        model,
        twin,
        { ...rest, perturbations: readPerturb(perturb), readout: readout && { neurons: readout } },
        context,
      ),
  };
}

/** What the card says about signs, weights and self-loops; building fails here when a sign would have to be guessed silently. */
async function summaryOf(
  model: SpikingModel,
  { connectome: given, weightUnit }: ConnectomeData,
  options: Record<string, unknown>,
  seed: number,
  signal: ToolContext['signal'],
): Promise<Record<string, unknown>> {
  const { parameters, signs: choice, selfLoops, imputed } = model.settings(options);
  const seen = await inSlices(treatImputed(given, imputed), signal);
  const loops = await inSlices(treatSelfLoops(seen.connectome, selfLoops), signal);
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
        : `${weightUnit}; simulated in steps of 1/${unit.perSynapse}, error at most ${withDigits(unit.largestError, 2)}, ${unit.lost} connections round to nothing`,
    electrical: `${electrical} connections, not part of this model`,
    autapses: describeSelfLoops(loops, selfLoops),
    delay: roundedDelay(parameters),
    imputed: describeImputed(seen, imputed),
  };
}
