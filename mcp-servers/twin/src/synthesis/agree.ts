import { pearson, quantile } from '@bregma/core/statistics/correlation';
import { probeNames } from '../probes/probe.ts';
import { canvasOf } from '../probes/run-probe.ts';
import { blank, makeProbe, tuningOf } from '../probes/tune.ts';
import { medianOrNull } from './control.ts';
import { joinImages, keepImages } from './keep-images.ts';
import type { Synthesise } from './request.ts';
import { predictWith, type Studio } from './studio.ts';

/** Whether two twins say the same of drawn images: correlation of their tunings, neuron by neuron, beside that of the data's images. */
export async function agreeOnProbes(studio: Studio, asked: Synthesise) {
  const { data, context } = studio;
  const canvas = canvasOf(data.images);
  const neurons = asked.neurons ?? [...Array(data.neurons).keys()];
  const summary = (values: number[]) => {
    const known = values.filter(Number.isFinite);
    return {
      median: medianOrNull(values),
      p10: known.length > 0 ? quantile(known, 0.1) : null,
      p90: known.length > 0 ? quantile(known, 0.9) : null,
      neurons: known.length,
    };
  };
  const correlate = (first: ArrayLike<number>, second: ArrayLike<number>, width: number) =>
    neurons.map((neuron) => {
      const own = (values: ArrayLike<number>) => Array.from({ length: width }, (_, i) => values[neuron * width + i]);
      return pearson(own(first), own(second));
    });
  const blanks = await predictWith(studio, blank(canvas));
  const probes = [];
  const stacks = [];
  for (const [k, name] of probeNames.entries()) {
    context.progress({ done: k, total: probeNames.length + 1, message: `probe ${name}` });
    const probe = makeProbe(name, canvas);
    const responses = await predictWith(studio, probe.images);
    const [first, second] = responses.map((values, i) => tuningOf(name, probe, values, blanks[i]));
    const places = probe.images.count / probe.repeats;
    probes.push({ probe: name, ...summary(correlate(first, second, places)), places });
    stacks.push(probe.images);
  }
  const [first, second] = await predictWith(studio, data.images);
  const { stack } = keepImages(joinImages(stacks), context.workspace.objects, false);
  return {
    kept: { png: [], stack },
    value: {
      agreement: probes,
      onData: { ...summary(correlate(first, second, data.images.count)), images: data.images.count },
      is: 'Pearson r between the tunings of the two twins over the places of each probe, one a neuron; onData: over the images that both are about',
    },
    n: { count: neurons.length, of: 'neurons' },
  };
}
