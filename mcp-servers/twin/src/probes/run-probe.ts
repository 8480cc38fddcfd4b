import type { Outcome } from '@bregma/core/contracts/answer';
import type { TwinCard } from '@bregma/core/contracts/twin';
import type { ToolContext, ToolOutcome } from '@bregma/core/mcp/tool';
import { writeNpy } from '@bregma/core/npy';
import { writePng } from '@bregma/core/png';
import { loadEncoding } from '../data.ts';
import { predictAll } from '../encoding/predict.ts';
import type { Run } from '../kinds/kind.ts';
import { limitsOf } from '../synthesis/limits.ts';
import type { Canvas, Probe, ProbeName } from './probe.ts';
import { blank, makeProbe, tuningOf } from './tune.ts';

/** Side of one place of a tuning in its picture, pixels, and pictures that are shown beside the answer. */
const [cell, mostShown] = [12, 6];

/** Size and light of probes for a twin: as its own images, as bright and dark as the range allows. */
export function canvasOf(images: Parameters<typeof limitsOf>[0]): Canvas {
  const { height, width, mean } = limitsOf(images, { falloff: 1 });
  return { height, width, mean, amplitude: Math.min(mean, 255 - mean) };
}

/** What an encoding twin predicts for drawn images: its tuning, neuron by neuron. */
export async function runProbe(
  twin: TwinCard,
  name: ProbeName,
  limit: number,
  context: ToolContext,
): Promise<Outcome<Run> & Pick<ToolOutcome, 'images'>> {
  const { images, release, reference } = loadEncoding(twin.data, context.workspace);
  const canvas = canvasOf(images);
  const probe = makeProbe(name, canvas);
  const responses = await predictAll(twin, probe.images, context);
  const tuning = tuningOf(name, probe, responses, await predictAll(twin, blank(canvas), context));
  const [rows, columns] = probe.axes.map(({ values }) => values.length);
  const neurons = tuning.length / (rows * columns);
  const { objects } = context.workspace;
  const object = objects.put(writeNpy({ data: tuning, shape: [neurons, rows, columns] }), 'application/x-npy');
  const { data, count, height, width } = probe.images;
  const shown = objects.put(writeNpy({ data, shape: [count, height, width, 3] }), 'application/x-npy');
  const own = (neuron: number) => tuning.subarray(neuron * rows * columns, (neuron + 1) * rows * columns);
  const described = Array.from({ length: neurons }, (_, neuron) => ({ neuron, ...probe.describe(own(neuron)) }));
  const perNeuron = objects.put(JSON.stringify(described), 'application/json');
  const pictures = described
    .slice(0, Math.min(limit, mostShown))
    .map(({ neuron }) => objects.put(pictureOf(own(neuron), probe), 'image/png').object);
  return {
    value: {
      predictions: object,
      shape: [neurons, rows, columns],
      axes: ['neuron', ...probe.axes.map((axis) => axis.name)],
      probe: { name, axes: probe.axes, averaged: probe.averaged, images: shown },
      tuning: described.slice(0, limit).map((row, i) => ({ ...row, picture: pictures[i] })),
      perNeuron,
      pictureIs: 'rows: first axis, columns: second; black the smallest, white the largest response of the neuron',
    },
    kind: 'predicted',
    n: { count: neurons, of: 'neurons' },
    completeness: { returned: Math.min(limit, neurons), available: neurons, of: 'neurons' },
    release: [reference],
    licence: [release.card.licence],
    cite: twin.cite,
    inputs: [twin.id, reference],
    outputs: [object.object, shown.object, perNeuron.object, ...pictures],
    images: pictures,
    seed: twin.seed,
  };
}

/** A tuning as a grey picture. */
function pictureOf(tuning: Float64Array, { axes }: Probe): Uint8Array {
  const [rows, columns] = axes.map(({ values }) => values.length);
  const [low, high] = [Math.min(...tuning), Math.max(...tuning)];
  const [height, width] = [rows * cell, columns * cell];
  const data = Uint8Array.from({ length: height * width }, (_, at) => {
    const value = tuning[Math.floor(at / width / cell) * columns + Math.floor((at % width) / cell)];
    return high > low ? Math.round((255 * (value - low)) / (high - low)) : 128;
  });
  return writePng({ data, width, height, channels: 1 });
}
