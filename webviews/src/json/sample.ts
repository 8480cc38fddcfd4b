import { sampleCaption } from '../kit/sample-caption.ts';
import type { JsonModel } from './model.ts';

/** An answer with a long list. */
export function sample(): JsonModel {
  return {
    ...sampleCaption('Answer of trace_connections', { kind: 'derived', n: { count: 1, of: 'starting neurons' } }),
    value: {
      from: ['ASEL'],
      direction: 'downstream',
      total: 118,
      unit: 'synapses',
      complete: true,
      missing: null,
      partners: Array.from({ length: 450 }, (_, i) => ({
        id: String(720575940620875399n + BigInt(i)),
        name: `AIY${i}`,
        weight: 20 - i / 10,
      })),
    },
  };
}
