import type { TwinCard } from '@bregma/core/contracts/twin';
import { neuronDigests } from '@bregma/core/identity/digests';
import { firstHalf } from '@bregma/core/identity/first-half';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { pearson } from '@bregma/core/statistics/correlation';
import { withId } from '../card.ts';
import type { Part } from '../kinds/kind.ts';
import { numericalAbscissa } from '../linear/dense.ts';
import type { CausalProblem } from '../load-anatomy.ts';
import { supportOf } from './anatomy.ts';
import { type CausalFit, crossFit, fitColumns, groupColumns, offDiagonal } from './fit-columns.ts';
import { groups } from './jackknife.ts';
import { bound } from './linear-dynamics.ts';
import type { CausalModel, CausalSettings } from './model.ts';
import { stimulatedNeurons } from './stimulations.ts';

/** The columns that a twin is fitted to: all stimulated neurons, or the same half of them, by who they are, for every twin. */
export function columnsOf({ recording }: CausalProblem, part: Part): Int32Array {
  const stimulated = stimulatedNeurons(recording);
  if (part === 'all') return Int32Array.from(stimulated);
  const { names, release } = recording;
  const digest = release.arrays.find(({ name }) => name === 'responses')?.object ?? '';
  const digests = neuronDigests({ id: release.id, digest, neurons: names.length, names });
  return firstHalf(stimulated.map((column) => digests[column])).map((i) => stimulated[i]);
}

/** The options of a causal twin with every data set at its release. */
export function pinned(settings: CausalSettings, { sources }: CausalProblem): CausalSettings {
  const [connectome, extrasynaptic = settings.extrasynaptic] = sources.references;
  return { ...settings, connectome, extrasynaptic };
}

/** Fits a causal twin, once on all its columns and once without each of ten groups of them, stores the fits, and makes its card. */
export async function fitCausal(
  model: CausalModel,
  problem: CausalProblem,
  settings: CausalSettings,
  fit: { part: Part; seed: number },
  context: Pick<ToolContext, 'workspace' | 'signal' | 'progress'>,
): Promise<TwinCard> {
  const { recording, anatomy, sources, unmatched } = problem;
  const n = recording.names.length;
  const columns = columnsOf(problem, fit.part);
  const support = supportOf(anatomy, n, settings.wiring, `wiring ${fit.seed}`);
  const total = groups + 1;
  const whole = await fitColumns(recording, support, columns, settings, context.signal);
  context.progress({ done: 1, total, message: 'fitted' });
  const crossed = await crossFit(recording, support, columns, settings, {
    sets: groupColumns(recording, columns, groups, `jackknife ${fit.seed}`),
    signal: context.signal,
    onFold: (fold) => context.progress({ done: 1 + fold, total, message: 'refits for the uncertainty' }),
  });
  const measured = offDiagonal(recording);
  const { objects } = context.workspace;
  const store = (name: string, data: Float64Array, shape: number[]) => ({
    name,
    ...objects.put(writeNpy({ data, shape }), 'application/x-npy'),
  });
  const fits = [whole, ...crossed.fits];
  const card: Omit<TwinCard, 'id'> = {
    kind: model.name,
    title: model.title,
    data: recording.reference,
    fittedOn: {
      part: fit.part,
      n: columns.length,
      of: 'stimulated neurons',
      indices: fit.part === 'all' ? undefined : Array.from(columns),
    },
    exposure: recording.release.card.exposure,
    options: { ...pinned(settings, problem) },
    seed: fit.seed,
    files: [
      store(
        'weights.npy',
        concatenate(fits, ({ W }) => W),
        [fits.length, n, n],
      ),
      store(
        'offsets.npy',
        concatenate(fits, ({ offset }) => offset),
        [fits.length, n],
      ),
      store(
        'scales.npy',
        Float64Array.from(fits, ({ scale }) => scale),
        [fits.length],
      ),
      store('trial-variance.npy', residualVariance(crossed.predictions, measured, n), [n]),
    ],
    summary: {
      neurons: n,
      anatomy: sources.references,
      connections: Object.fromEntries(anatomy.map(({ name, pre }) => [name, pre.length])),
      fittedConnections: support.pre.length,
      ridge: whole.ridge,
      converged: fits.every(({ converged }) => converged),
      numericalAbscissa: numericalAbscissa(whole.W, n),
      stableBelow: bound,
      crossValidated: { pearson: orNull(pearson(crossed.predictions, measured)), over: 'pairs, each column left out' },
      notInConnectome: unmatched,
      noise: 'variance of what the refits missed in the columns that they left out',
    },
    cite: model.cite,
  };
  return withId(card);
}

/** Mean squared error of each neuron in left-out columns; the mean over neurons where one was never measured. */
function residualVariance(predictions: Float64Array, measured: Float64Array, n: number): Float64Array {
  const out = Float64Array.from({ length: n }, (_, i) => {
    let squares = 0;
    let count = 0;
    for (let j = 0; j < n; j++) {
      const missed = predictions[i * n + j] - measured[i * n + j];
      if (Number.isNaN(missed)) continue;
      squares += missed * missed;
      count++;
    }
    return squares / count;
  });
  const known = out.filter(Number.isFinite);
  const typical = known.reduce((sum, value) => sum + value, 0) / known.length;
  return out.map((value) => (Number.isFinite(value) ? value : typical));
}

function concatenate(fits: CausalFit[], part: (fit: CausalFit) => Float64Array): Float64Array {
  const size = part(fits[0]).length;
  const out = new Float64Array(size * fits.length);
  for (const [k, fit] of fits.entries()) out.set(part(fit), k * size);
  return out;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
