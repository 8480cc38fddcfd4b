import { ExperimentEnd } from '@bregma/core/contracts/experiment';
import { howToState } from '@bregma/core/contracts/value-kind';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { unspentNumbers } from '@bregma/core/experiment/unspent';
import { pause } from '@bregma/core/in-slices';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { parseNpy } from '@bregma/core/npy';
import { median, quantile } from '@bregma/core/statistics/correlation';
import { makeRandom } from '@bregma/core/statistics/random';
import type { Workspace } from '@bregma/core/workspace';
import {
  countedNeurons,
  logRatios,
  medianCurve,
  orderForNeuron,
  type Rivals,
  rankStimuli,
  type TrialPool,
  trialsToDecide,
} from './discriminate.ts';

/** Evidence at which a neuron counts as decided: an e-value of 20, as a p of .05. */
const threshold = 20;

/** What a finished experiment measured. */
export interface FinishedTrials {
  experiment: string;
  pool: TrialPool;
  end: ExperimentEnd;
}

/** The trials of a finished experiment, by stimulus. Throws when it is not finished or its rows were not measured. */
export function trialPool(experiment: string, workspace: Workspace): FinishedTrials {
  const record = workspace.ledger.latest('experiment', experiment);
  if (!record)
    throw unknownName('finished experiment', experiment, [], 'find_records {kind: "experiment"} lists them.');
  const end = ExperimentEnd.parse(record.body);
  if (end.kind !== 'measured')
    throw new BregmaError(
      'not-allowed',
      `The rows of ${experiment} are ${end.kind}: only measured ones are evidence.`,
      end.kind === 'not stated' ? { next: howToState } : {},
    );
  if (unspentNumbers(workspace.ledger).has(end.responses.object)) {
    throw new BregmaError(
      'not-allowed',
      `A prediction was not tested on ${experiment} yet: its trials are still evidence.`,
      {
        next: 'Call test_hypothesis first; looking before testing would break its error guarantee.',
      },
    );
  }
  const table: { stimulus: number }[] = JSON.parse(workspace.objects.get(end.table.object).toString('utf8'));
  // SAFETY: an experiment keeps its responses as f8.
  const responses = parseNpy(workspace.objects.get(end.responses.object)).data as Float64Array;
  const pool: TrialPool = new Map();
  table.forEach(({ stimulus }, row) => {
    const trials = pool.get(stimulus) ?? [];
    // SAFETY: a part of an array is of its class.
    trials.push(responses.subarray(row * end.neurons, (row + 1) * end.neurons) as Float64Array);
    pool.set(stimulus, trials);
  });
  return { experiment, pool, end };
}

/** How many single trials the discriminating order needs, against random orders, on trials that were measured. */
export async function evaluateOrder(
  rivals: Rivals,
  { experiment, pool, end }: FinishedTrials,
  orders: number,
  seed: number,
  context: ToolContext,
) {
  if (end.neurons !== rivals.neurons)
    throw new BregmaError(
      'bad-input',
      `${experiment} has ${end.neurons} neurons, the twins predict ${rivals.neurons}.`,
    );
  const stimuli = [...pool.keys()].sort((a, b) => a - b);
  const neurons = countedNeurons(rivals);
  const shared = rankStimuli(rivals, stimuli).map(({ stimulus }) => stimulus);
  const own = neurons.map((neuron) => logRatios(rivals, neuron, orderForNeuron(rivals, neuron, stimuli), pool));
  const together = neurons.map((neuron) => logRatios(rivals, neuron, shared, pool));
  const most = Math.max(...own.map((ratios) => ratios.length));
  const marks = [...new Set(Array.from({ length: 40 }, (_, i) => Math.round(most ** (i / 39))))];
  const random = makeRandom(`random orders ${seed}`);
  const needed = neurons.map((): number[] => []);
  const curves: number[][] = [];
  for (let k = 0; k < orders; k++) {
    if (k % 10 === 0) {
      context.progress({ done: k, total: orders, message: 'random orders' });
      await pause(context.signal);
    }
    const order = random.shuffle(stimuli);
    const ratios = neurons.map((neuron) => logRatios(rivals, neuron, order, pool));
    ratios.forEach((one, k) => needed[k].push(trialsToDecide(one, threshold)));
    curves.push(medianCurve(ratios, marks));
  }
  const perNeuron = neurons.map((neuron, k) => {
    const designed = trialsToDecide(own[k], threshold);
    const byChance = median(needed[k]);
    return {
      neuron,
      designed,
      shared: trialsToDecide(together[k], threshold),
      random: byChance,
      ratio: byChance / designed,
      winner: winner(own[k]),
    };
  });
  const ratios = perNeuron.map(({ ratio }) => ratio);
  const designedCurve = medianCurve(own, marks);
  const sharedCurve = medianCurve(together, marks);
  const table = context.workspace.objects.put(
    JSON.stringify(perNeuron.map((row) => JSON.parse(JSON.stringify(row)))),
    'application/json',
  );
  return {
    experiment,
    orders,
    threshold,
    neurons: neurons.length,
    ratio: {
      median: orNull(median(ratios)),
      p10: orNull(quantile(ratios, 0.1)),
      p90: orNull(quantile(ratios, 0.9)),
      n: ratios.filter(Number.isFinite).length,
    },
    sharedRatio: {
      median: orNull(median(perNeuron.map((row) => row.random / row.shared))),
      n: perNeuron.filter((row) => Number.isFinite(row.random / row.shared)).length,
    },
    trials: {
      designed: orNull(median(perNeuron.map((row) => row.designed))),
      shared: orNull(median(perNeuron.map((row) => row.shared))),
      random: orNull(median(perNeuron.map((row) => row.random))),
    },
    decided: {
      designed: perNeuron.filter((row) => Number.isFinite(row.designed)).length,
      shared: perNeuron.filter((row) => Number.isFinite(row.shared)).length,
      random: needed.reduce((sum, one) => sum + one.filter(Number.isFinite).length, 0) / orders,
    },
    winners: {
      first: perNeuron.filter((row) => row.winner === 'first').length,
      second: perNeuron.filter((row) => row.winner === 'second').length,
    },
    curve: marks.map((trial, i) => ({
      trial,
      designed: designedCurve[i],
      shared: sharedCurve[i],
      random: median(curves.map((curve) => curve[i])),
      low: quantile(
        curves.map((curve) => curve[i]),
        0.1,
      ),
      high: quantile(
        curves.map((curve) => curve[i]),
        0.9,
      ),
    })),
    perNeuron: table,
    assumes:
      'responses scatter around one of the two predictions as N(prediction, variance of a trial), the mean of what both twins learned; neurons share noise and are decided one by one',
  };
}

function winner(ratios: Float64Array): 'first' | 'second' | 'none' {
  const decided = ratios.find((ratio) => Math.abs(ratio) >= Math.log(threshold));
  return decided === undefined ? 'none' : decided > 0 ? 'first' : 'second';
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
