import { sampleCaption } from '../kit/sample-caption.ts';
import type { SkeletonsModel } from './model.ts';

/** Two neurons, each a trunk with two branches. */
export function sample(): SkeletonsModel {
  const swc = (x: number) =>
    ['1 1 0 0 0 2 -1', '2 3 0 20 0 1 1', '3 3 -10 35 5 1 2', '4 3 12 38 -4 1 2']
      .map((line) =>
        line
          .split(' ')
          .map((word, i) => (i === 2 ? Number(word) + x : word))
          .join(' '),
      )
      .join('\n');
  return {
    ...sampleCaption('Two neurons', { n: { count: 2, of: 'neurons' } }),
    space: { name: 'a space of its own', unit: 'µm', axes: 'asr' },
    neurons: [
      { id: '720575940620875399', name: 'left', type: 'T4', swc: swc(0) },
      { id: '720575940620875400', name: 'right', type: 'T5', swc: swc(60) },
    ],
  };
}
