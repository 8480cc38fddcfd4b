import { card } from '@bregma/webviews/card/from-answer';
import type { ToolCall } from '@bregma/webviews/kit/answer';
import { lineage } from '@bregma/webviews/lineage/from-answer';
import { table } from '@bregma/webviews/table/from-answer';
import { validity } from '@bregma/webviews/validity/from-answer';
import { describe, expect, test } from 'vitest';

const call = (value: unknown, more: Partial<ToolCall> & { answer?: object } = {}): ToolCall => ({
  tool: 'query_data',
  arguments: {},
  read: () => Promise.reject(new Error('nothing to read')),
  bytes: () => Promise.reject(new Error('nothing to read')),
  ...more,
  answer: { kind: 'derived', activity: 'act-0123456789abcdef', ...more.answer, value },
});

describe('the model that chats and notebooks make of an answer', () => {
  test('of query_data is its rows, under the statement, with what the answer says of them', () => {
    const value = { columns: [{ name: 'id', type: 'VARCHAR' }], rows: [['720575940620875399']] };
    const n = { count: 1, of: 'rows' };
    expect(table.draw(call(value, { arguments: { sql: 'SELECT 1' }, answer: { n } }))).toMatchObject({
      title: 'SELECT 1',
      kind: 'derived',
      n,
      activity: 'act-0123456789abcdef',
      ...value,
    });
  });

  test('of a query in a chat has the types that it names, and those that its values show', () => {
    const value = {
      columns: ['id', 'n', 'when', 'ok'],
      types: { when: 'DATE' },
      rows: [
        ['a', null, '2024-02-29', true],
        ['b', 2, null, false],
      ],
    };
    expect(table.draw(call(value))).toMatchObject({
      columns: [
        { name: 'id', type: 'VARCHAR' },
        { name: 'n', type: 'DOUBLE' },
        { name: 'when', type: 'DATE' },
        { name: 'ok', type: 'BOOLEAN' },
      ],
      rows: value.rows,
    });
  });

  test('of other tools is the list of things in it, with text where there are no numbers and null where nothing is', () => {
    const partners = [
      { name: 'AVAR', strength: 3 },
      { name: 'PVCL', types: ['x'] },
    ];
    expect(table.draw(call({ direction: 'downstream', partners }, { tool: 'trace_connections' }))).toMatchObject({
      title: 'Partners',
      columns: [
        { name: 'name', type: 'VARCHAR' },
        { name: 'strength', type: 'DOUBLE' },
        { name: 'types', type: 'VARCHAR' },
      ],
      rows: [
        ['AVAR', 3, null],
        ['PVCL', null, '["x"]'],
      ],
    });
    expect(table.draw(call({ predictions: {} }))).toBeUndefined();
  });

  test('says when the answer was cut', () => {
    expect(table.draw(call({ columns: [], rows: [] }, { answer: { cut: { 'value.rows': 900 } } }))).toMatchObject({
      note: expect.stringContaining('Cut to fit'),
    });
  });

  test('of validate_twin has the score of every unit, from the object that the answer names', async () => {
    const value = {
      twin: 'twin-0123456789abcdef',
      median: { pearson: 0.47 },
      ci: { low: 0.42, high: 0.5, level: 0.95 },
      ceiling: null,
      control: 0.007,
      controlRange: { low: -0.01, high: 0.02 },
      perUnit: { object: 'a'.repeat(64) },
    };
    const scores = { [`bregma://object/${'a'.repeat(64)}`]: [{ unit: 'n1', pearson: null, ceiling: 0.9 }] };
    const read = async (uri: string) => scores[uri];
    expect(await validity.draw(call(value, { read }))).toMatchObject({
      units: [{ id: 'n1', value: null, ceiling: 0.9 }],
      centre: { is: 'median', value: 0.47 },
      ceilingIs: 'the data have no repeats',
      controlRange: { low: -0.01, high: 0.02 },
    });
    const apart = [{ domain: 'chosen images', pearson: 0.31, low: 0.2, high: 0.4, n: 40, of: 'neurons' }];
    const feve = { median: 0.4, ci: { low: null, high: null, level: 0.95 }, neurons: 5, fewestExplainable: 0.15 };
    expect(await validity.draw(call({ ...value, feve, apart }, { read }))).toMatchObject({
      beside: [
        { is: 'FEVE', value: 0.4, low: null, high: null, neurons: 5 },
        { is: 'r, chosen images', value: 0.31, low: 0.2, high: 0.4, neurons: 40 },
      ],
    });
    // The interval of a causal measurement is of r over all pairs, and stands beside that number.
    const causal = { ...value, pearson: 0.3, ceilingIs: 'one average a pair' };
    expect(await validity.draw(call(causal, { read }))).toMatchObject({
      centre: { is: 'all pairs', value: 0.3 },
      ceilingIs: 'one average a pair',
    });
  });

  test('of trace_claim is the graph between ids, with how many records there are, without what was cut to fit', () => {
    const node = (id: string) => ({ id, kind: 'activity', label: id });
    const value = {
      roots: ['a'],
      nodes: [
        { at: 0, ...node('a') },
        { at: 1, ...node('b') },
      ],
      edges: [
        [1, 0, 'made'],
        [2, 1, 'used'],
      ],
    };
    const graph = { roots: ['a'], nodes: value.nodes, edges: [['b', 'a', 'made']] };
    expect(lineage.draw(call(value, { answer: { completeness: { available: 12 } } }))).toEqual({
      ...graph,
      available: 12,
    });
    // As answers were before places stood for ids.
    expect(lineage.draw(call(graph))).toMatchObject(graph);
  });

  test('of a hypothesis tool is its words from the ledger, and a verdict with its numbers, "not measured" where there is none', async () => {
    const content = {
      claim: 'A claim',
      rivals: ['Another'],
      predictions: [{ id: 'p1', metric: 'r', direction: 'greater', size: 0.1 }],
    };
    const read = async () => ({ body: { state: 'frozen', digest: 'd', content } });
    const value = {
      hypothesis: 'hyp-1',
      verdict: 'supported',
      says: 'r is greater than 0.1',
      estimate: 0.1415,
      unit: 'r',
      eFor: 54.2,
      eAgainst: null,
      needed: 40,
      budget: { procedure: 'e-LOND', level: 0.025 },
      inference: 'e-value',
    };
    const model = await card.draw(call(value, { read, answer: { uncertainty: { low: 0.113, high: 0.168 } } }));
    const text = JSON.stringify(model);
    for (const part of [
      'A claim',
      'r greater than 0.1',
      '0.1415 r (0.113 to 0.168)',
      'not measured against',
      'Another',
    ])
      expect(text).toContain(part);
    expect(await card.draw(call({ nothing: true }))).toBeUndefined();
  });

  test('of plan_experiment is the plan with limits, cost and power, says where it is signed, and offers no signing', async () => {
    const value = {
      plan: 'plan-0123456789abcdef',
      hash: '0123456789abcdef'.repeat(4),
      approve: 'bregma approve plan-0123456789abcdef',
      would: 'replay 1 real presentation of 1 stimulus',
      trials: 1,
      stimuli: 1,
      detectable: { effect: 0.20712, power: 0.8, assuming: 'one neuron' },
      limits: { maxTrials: 1, maxDurationS: 3600 },
      cost: { trials: 1, durationS: 0, newSubjects: 0 },
      protocol: 'archival recording, no new animal use',
    };
    const asked = { hypothesis: 'hyp-1', subject: 'mine@1' };
    const model = await card.draw(call(value, { tool: 'plan_experiment', arguments: asked }));
    const text = JSON.stringify(model);
    for (const part of [
      'bregma approve plan-',
      '1 trial over 1 stimulus',
      '0.207 with',
      '1 trial, 1 h',
      'hyp-1',
      'mine@1',
    ])
      expect(text).toContain(part);
    expect((model as { actions: { intent: string }[] }).actions.map(({ intent }) => intent)).toEqual(['open-activity']);
  });
});
