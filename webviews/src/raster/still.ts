import { numbersOf, wordsOf } from '../kit/numbers.ts';
import type { Still } from '../kit/still.ts';
import type { RasterModel } from './model.ts';

/** Spikes that a still drawing shows at most. */
const mostSpikes = 5_000;

/** Spikes as ticks; of many, every so many. */
export function still(model: RasterModel): Still {
  const [timesMs, neuron] = [numbersOf(model.timesMs), numbersOf(model.neuron)];
  const neurons = wordsOf(model.neurons);
  const every = Math.max(1, Math.ceil(timesMs.length / mostSpikes));
  const rows = Array.from(timesMs, (time, i) => ({ time, neuron: neurons[neuron[i]] })).filter(
    (_, i) => i % every === 0,
  );
  return {
    parts: [
      {
        is: 'chart',
        spec: {
          width: 560,
          height: Math.min(600, Math.max(120, neurons.length * 4)),
          data: { name: 'spikes' },
          ...(every > 1 && { title: `Every ${every}th spike` }),
          mark: { type: 'tick', thickness: 1 },
          encoding: {
            x: { field: 'time', type: 'quantitative', title: 'time (ms)' },
            y: {
              field: 'neuron',
              type: 'nominal',
              axis: neurons.length > 60 ? { labels: false, ticks: false } : {},
              title: 'neuron',
            },
          },
        },
        data: { spikes: rows },
      },
    ],
  };
}
