import { draftOf } from '@bregma/core/hypothesis/hypotheses';
import { checkDraft } from '@bregma/webviews/draft/check';
import { DraftForm } from '@bregma/webviews/draft/model';
import { expect, test } from 'vitest';
import { emptyForm, formOf, recordArguments } from '../../../extension/src/hypotheses/draft.ts';
import { content, hyp } from './hypothesis-records.ts';

const whole = () => formOf(content({ plan: 'Forty images.' }));

test('the form of a hypothesis gives the same hypothesis back, word for word', () => {
  const args = recordArguments(whole(), { mode: 'edit', of: hyp('a') });
  const { replaces, ...rest } = args;
  expect(replaces).toBe(hyp('a'));
  const withUnits = { ...rest, predictions: content().predictions };
  expect(rest.predictions).toMatchObject([{ id: 'p1', metric: 'r_difference', direction: 'greater', size: 0.05 }]);
  expect(draftOf(withUnits).id).toBe(draftOf(content({ plan: 'Forty images.' })).id);
});

test('a prediction about a measured table comes back whole from the form, which asks no twin of it', () => {
  const [twins] = content().predictions;
  const measured = { data: 'mine@1', columns: { value: 'rate_hz', group: 'genotype' }, subject: 'mouse' };
  const table = { ...twins, id: 'p2', metric: 'mean_difference', unit: 'Hz', between: [], measured };
  const form = DraftForm.parse(formOf(content({ predictions: [table] })));
  expect(checkDraft(form)).toEqual(new Map());
  expect(recordArguments(form, { mode: 'edit', of: hyp('a') }).predictions).toEqual([table]);
});

test('a new version supersedes and does not replace; an edit keeps what its draft supersedes', () => {
  expect(recordArguments(whole(), { mode: 'supersede', of: hyp('a') })).toMatchObject({
    supersedes: hyp('a'),
    replaces: undefined,
  });
  expect(recordArguments(whole(), { mode: 'edit', of: hyp('b'), supersedes: hyp('a') })).toMatchObject({
    supersedes: hyp('a'),
    replaces: hyp('b'),
  });
});

test('an empty form says what is missing, field by field', () => {
  expect(emptyForm()).toEqual(DraftForm.parse(emptyForm()));
  expect([...checkDraft(emptyForm()).keys()]).toEqual([
    'claim',
    'rivals.0',
    'predictions.0.between.0',
    'predictions.0.between.1',
    'predictions.0.size',
  ]);
});

test.each([
  ['claim', { claim: 'too short' }],
  ['claim', { claim: 'x'.repeat(2001) }],
  ['rivals.1', { rivals: ['Another one.', 'x'] }],
  ['predictions', { predictions: [] }],
  ['plan', { plan: 'x'.repeat(4001) }],
])('a wrong %s is found', (field, change) => {
  expect([...checkDraft({ ...whole(), ...change }).keys()]).toEqual([field]);
});

test.each([
  ['id', { id: 'Not A Name' }],
  ['metric', { metric: 'no such' }],
  ['size', { size: '' }],
  ['size', { size: 'large' }],
  ['size', { size: '3' }],
  ['size', { direction: 'equivalent' as const, size: '0' }],
  ['between.1', { between: ['twin-1', 'twin-1'] }],
])('a prediction with a wrong %s is found', (field, change) => {
  const form = whole();
  form.predictions[0] = { ...form.predictions[0], ...change };
  expect([...checkDraft(form).keys()]).toEqual([`predictions.0.${field}`]);
});

test('a whole form is clean; a typographic minus is a minus, and the second twin of a one-twin metric is left out', () => {
  const form = whole();
  form.predictions[0] = { ...form.predictions[0], metric: 'r', direction: 'less', size: '−0.1' };
  expect([...checkDraft(form)]).toEqual([]);
  expect(recordArguments(form, { mode: 'new' }).predictions).toMatchObject([{ size: -0.1, between: ['twin-1'] }]);
});

test('two predictions of one name are found', () => {
  const form = whole();
  form.predictions.push({ ...form.predictions[0] });
  expect([...checkDraft(form).keys()]).toEqual(['predictions.0.id', 'predictions.1.id']);
});
