import { type Question, questionInWords } from '@bregma/core/contracts/question';
import { expect, test } from 'vitest';

test.each<[string, Question]>([
  [
    'mean difference of rate by genotype (ko − wt), subjects by mouse',
    {
      metric: 'mean_difference',
      columns: { group: 'genotype', value: 'rate' },
      groups: ['ko', 'wt'],
      subject: 'mouse',
    },
  ],
  [
    'mean difference of weight by sex (f − m) beside stage, age',
    {
      metric: 'mean_difference',
      columns: { covariates: ['stage', 'age'], group: 'sex', value: 'weight' },
      groups: ['f', 'm'],
    },
  ],
  ['slope of cells on tau beside sex', { metric: 'slope', columns: { covariates: ['sex'], value: 'cells', x: 'tau' } }],
  ['Spearman correlation of years and score', { metric: 'spearman', columns: { x: 'years', y: 'score' } }],
  [
    'log hazard slope of years until died (yes) on age beside sex',
    {
      metric: 'log_hazard_slope',
      columns: { covariates: 'sex', event: 'died', time: 'years', x: 'age' },
      happens: 'yes',
    },
  ],
  [
    'interaction of score by drug and sex, one number a mouse',
    { metric: 'two_way_interaction', columns: { group: 'drug', second: 'sex', value: 'score' }, unit: 'mouse' },
  ],
  [
    'orientation selectivity of rate over angle, for each neuron',
    { metric: 'orientation_selectivity', columns: { angle: 'angle', value: 'rate' }, family: 'neuron' },
  ],
  [
    'rate difference of spikes per seconds by area, paired by mouse',
    {
      metric: 'rate_difference',
      columns: { exposure: 'seconds', group: 'area', value: 'spikes' },
      subject: 'mouse',
      paired: true,
    },
  ],
])('%s', (words, question) => {
  expect(questionInWords(question)).toBe(words);
});
