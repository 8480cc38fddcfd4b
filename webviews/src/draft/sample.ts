import type { DraftModel } from './model.ts';

/** A form that is half filled in. */
export const sample = (): DraftModel => ({
  mode: 'new',
  form: {
    claim: 'Wiring alone predicts how the network answers a stimulus.',
    rivals: ['Any wiring of the same degree would do.'],
    predictions: [
      { id: 'wiring', metric: '', direction: 'greater', size: '0.1', between: ['twin-0123456789abcdef'], because: '' },
    ],
    plan: '',
  },
  twins: [{ id: 'twin-0123456789abcdef', title: 'encoding-ridge', data: 'macaque-v4-cowley2023@2023' }],
  trusted: true,
  saving: false,
});
