import type { LineageModel } from './model.ts';

/** A verdict, back to the data set that it rests on. */
export const sample = (): LineageModel => ({
  roots: ['tst-0123456789abcdef'],
  nodes: [
    { id: 'tst-0123456789abcdef', kind: 'test', label: 'wiring', status: 'supported', valueKind: 'derived' },
    { id: 'act-0123456789abcdef', kind: 'activity', label: 'test_hypothesis', status: 'ok' },
    { id: 'twin-0123456789abcdef', kind: 'twin', label: 'encoding-ridge', valueKind: 'predicted' },
    { id: 'macaque-v4-cowley2023@2023', kind: 'dataset', label: 'Responses of macaque V4', valueKind: 'measured' },
  ],
  edges: [
    ['macaque-v4-cowley2023@2023', 'twin-0123456789abcdef', 'data'],
    ['twin-0123456789abcdef', 'act-0123456789abcdef', 'input'],
    ['act-0123456789abcdef', 'tst-0123456789abcdef', 'output'],
  ],
});
