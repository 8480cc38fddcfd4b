import { describe, expect, test } from 'vitest';
import type { Trace } from '../../../../core/src/provenance/trace.ts';
import { activityText, childrenOf, claimText, thingText } from '../../../../extension/src/provenance/tree-model.ts';

const trace: Trace = {
  roots: ['hyp', 'tst'],
  nodes: [
    { id: 'hyp', kind: 'hypothesis', label: 'A claim', status: 'frozen' },
    { id: 'tst', kind: 'test', label: 'p1', status: 'supported', demo: true },
    { id: 'exp', kind: 'experiment', label: 'rig', valueKind: 'measured' },
    { id: 'act', kind: 'activity', label: 'test_hypothesis', status: 'ok' },
    { id: 'twin', kind: 'twin', label: 'A twin' },
    { id: 'data', kind: 'dataset', label: 'Recording', status: 'measured', valueKind: 'measured' },
  ],
  edges: [
    { from: 'hyp', to: 'tst', as: 'tested' },
    { from: 'act', to: 'tst', as: 'made' },
    { from: 'exp', to: 'tst', as: 'evidence' },
    { from: 'twin', to: 'hyp', as: 'predicts for' },
    { from: 'data', to: 'twin', as: 'fitted on' },
    { from: 'twin', to: 'data', as: 'a circle that no honest ledger has' },
  ],
  available: 6,
  total: 6,
};

describe('below a claim', () => {
  test('stand its verdicts, then what it rests on', () => {
    expect(childrenOf(trace, 'hyp', []).map(({ node, as }) => [node.id, as])).toEqual([
      ['tst', 'tested by'],
      ['twin', 'predicts for'],
    ]);
  });

  test('a verdict leads to the experiment before the call, and not back to the claim', () => {
    expect(childrenOf(trace, 'tst', ['hyp']).map(({ node }) => node.id)).toEqual(['exp', 'act']);
  });

  test('no branch is endless, even in a circle', () => {
    expect(childrenOf(trace, 'twin', ['hyp']).map(({ node }) => node.id)).toEqual(['data']);
    expect(childrenOf(trace, 'data', ['hyp', 'twin'])).toEqual([]);
  });
});

describe('a line of the tree', () => {
  const [tst] = childrenOf(trace, 'hyp', []);

  test('says the verdict first, and that nobody stands behind a demonstration key', () => {
    expect(thingText(tst)).toMatchObject({
      label: 'supported',
      description: 'tested by · p1 · demonstration key',
      icon: 'law',
    });
  });

  test('shows the kind of a value by a sign and a word', () => {
    const [exp] = childrenOf(trace, 'tst', ['hyp']);
    expect(thingText(exp).description).toBe('● measured · evidence');
  });

  test('is plain and short, whatever a record holds', () => {
    const hostile = `\u202Etxt.exe\u001b[31m<script>${'x'.repeat(1_000_000)}`;
    const row = {
      seq: 1,
      id: 'act-1',
      tool: hostile,
      server: '',
      status: hostile,
      at: hostile,
      ms: null,
      client: hostile,
      valueKind: null,
      error: hostile,
      replayOf: null,
    };
    const texts = [
      claimText({ id: 'hyp', claim: hostile, state: hostile, verdicts: [hostile] }),
      activityText(row),
      thingText({ node: { id: 'x', kind: 'twin', label: hostile, status: hostile }, as: 'used', above: [] }),
    ];
    for (const text of texts.flatMap(({ label, description = '', tooltip = '' }) => [label, description, tooltip])) {
      expect(text.length).toBeLessThan(1200);
      expect(text).not.toMatch(/(?![\n])[\p{Cc}\p{Cf}]/u);
    }
  });
});
