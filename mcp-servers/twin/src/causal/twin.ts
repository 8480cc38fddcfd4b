import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { doublesOf, parseNpy } from '@bregma/core/npy';
import type { Workspace } from '@bregma/core/workspace';
import { fileOf, trialVarianceOf } from '../twin-files.ts';
import type { CausalFit } from './fit-columns.ts';
import { predictResponses, silence } from './linear-dynamics.ts';

/** A causal twin, opened: the fit on all its columns, then one without each group of them. */
export interface CausalTwin {
  neurons: number;
  fits: Pick<CausalFit, 'W' | 'offset' | 'scale'>[];
}

/** Opens the stored fits of a causal twin. Throws `corrupt` when its parts do not fit each other. */
export function openCausalTwin(twin: TwinCard, workspace: Workspace): CausalTwin {
  const read = (name: string) => {
    const { data, shape } = parseNpy(workspace.objects.get(fileOf(twin, name)));
    return { data: doublesOf(data), shape };
  };
  const [weights, offsets, scales] = [read('weights.npy'), read('offsets.npy'), read('scales.npy')];
  const [count, n] = weights.shape;
  if (weights.shape.length !== 3 || offsets.data.length !== count * n || scales.data.length !== count)
    throw new BregmaError('corrupt', `The weights [${weights.shape}] of ${twin.id} do not fit its offsets.`);
  return {
    neurons: n,
    fits: Array.from({ length: count }, (_, k) => ({
      W: weights.data.slice(k * n * n, (k + 1) * n * n),
      offset: offsets.data.slice(k * n, (k + 1) * n),
      scale: scales.data[k],
    })),
  };
}

/** Neurons without output, or without input and output. */
export interface Silenced {
  outgoing: number[];
  both: number[];
}

/** Responses [responding × stimulated] of each fit, in the unit of the data. */
export function respond(
  { fits, neurons }: CausalTwin,
  silenced: Silenced = { outgoing: [], both: [] },
): Promise<Float64Array[]> {
  return Promise.all(
    fits.map(({ W, offset, scale }) => {
      const remaining = silence(silence(W, silenced.both, neurons, 'both'), silenced.outgoing, neurons, 'outgoing');
      return predictResponses(remaining, { offset, scale });
    }),
  );
}

/** Standard deviation of one measured response around the prediction, one a neuron, in the unit of the data. */
export function trialSd(twin: TwinCard, workspace: Workspace): Float64Array {
  return trialVarianceOf(twin, workspace).map(Math.sqrt);
}
