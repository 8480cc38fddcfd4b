import { digestOf } from '@bregma/core/canonical';
import type { Activity } from '@bregma/core/contracts/activity';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { writeNpy } from '@bregma/core/npy';
import { compareRecords } from '@bregma/core/provenance/compare';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';

const made = temporaryWorkspace();
const { ledger, objects, close } = openWorkspace(made.folder);
afterAll(() => {
  close();
  made.remove();
});

function activity(change: Partial<Activity> & { value?: unknown } = {}): LedgerRecord<'activity'> {
  const { value = { r: 0.5, rates: [1, 2, null, 4] }, ...rest } = change;
  const answer = { kind: 'derived', value };
  const [record] = ledger.append([
    {
      kind: 'activity',
      subject: 'validate_twin',
      body: {
        server: 'bregma-twin',
        tool: 'validate_twin',
        effect: 'compute',
        arguments: { twin: 'twin-a', seed: 0 },
        inputs: [],
        outputs: [],
        releases: ['v4@1'],
        code: '0.1.0+a',
        client: 'test',
        start: '2026-01-01T00:00:00.000Z',
        end: '2026-01-01T00:00:02.000Z',
        status: 'ok',
        answer,
        answerDigest: digestOf(answer),
        ...rest,
      } satisfies Activity,
    },
  ]);
  return record as LedgerRecord<'activity'>;
}

const npy = (values: number[]) =>
  objects.put(writeNpy({ data: Float64Array.from(values), shape: [values.length] }), 'application/x-npy').object;

describe('two activities side by side', () => {
  test('are equal when answer and objects have the same bytes, whoever ran them when', () => {
    const compared = compareRecords(activity(), activity({ client: 'other', code: '0.2.0+b' }), objects);
    expect(compared).toMatchObject({ equal: true, asked: [], answer: [], more: false });
    expect(compared.run.map(({ path }) => path)).toEqual(['code', 'client']);
  });

  test('show where they differ: numbers with their difference, not measured apart from zero', () => {
    const compared = compareRecords(activity(), activity({ value: { r: 0.75, rates: [1, 2.5, 3, 4] } }), objects);
    expect(compared.equal).toBe(false);
    expect(compared.answer).toEqual([
      { path: 'value.r', before: 0.5, after: 0.75, delta: 0.25 },
      { path: 'value.rates[1]', before: 2, after: 2.5, delta: 0.5 },
      { path: 'value.rates[2]', before: null, after: 3 },
    ]);
    const rates = compared.numbers.find(({ path }) => path === 'value.rates[*]');
    // By hand: pairs (1,1) (2,2.5) (4,4); one place measured in one of them only.
    expect(rates).toMatchObject({ n: 3, differing: 1, onlyOne: 1, largest: 0.5 });
    expect(rates?.rms).toBeCloseTo(Math.sqrt(0.25 / 3), 12);
  });

  test('show what was asked differently', () => {
    const { asked } = compareRecords(
      activity(),
      activity({ arguments: { twin: 'twin-b', seed: 0 }, releases: ['v4@2'] }),
      objects,
    );
    expect(asked).toEqual([
      { path: 'arguments.twin', before: 'twin-a', after: 'twin-b' },
      { path: 'releases[0]', before: 'v4@1', after: 'v4@2' },
    ]);
  });

  test('compare arrays in objects number by number', () => {
    const [a, b] = [npy([1, 2, 3, Number.NaN]), npy([1, 2, 5, 4])];
    const { outputs, numbers } = compareRecords(activity({ outputs: [a] }), activity({ outputs: [b] }), objects);
    expect(outputs).toEqual([{ before: a, after: b, equal: false, note: 'other bytes' }]);
    expect(numbers[0]).toMatchObject({ path: 'outputs[0]', n: 3, differing: 1, onlyOne: 1, largest: 2 });
    expect(numbers[0].pairs).toEqual([
      [1, 1],
      [2, 2],
      [3, 5],
    ]);
  });

  test('compare rows of a JSON object column by column', () => {
    const rows = (r: number[]) =>
      objects.put(JSON.stringify(r.map((value, i) => ({ neuron: `n${i}`, r: value }))), 'application/json').object;
    const { numbers } = compareRecords(
      activity({ outputs: [rows([0.1, 0.2, 0.3])] }),
      activity({ outputs: [rows([0.1, 0.4, 0.3])] }),
      objects,
    );
    expect(numbers.find(({ path }) => path === 'outputs[0][*].r')).toMatchObject({ n: 3, differing: 1 });
  });

  test('say when an object is not there instead of failing', () => {
    const gone = 'f'.repeat(64);
    const { outputs } = compareRecords(activity({ outputs: [gone] }), activity({ outputs: [npy([9])] }), objects);
    expect(outputs[0].note).toContain('not in this workspace: ffffffffffff');
  });

  test('a million numbers are compared, and few are drawn', () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => i);
    const [a, b] = [npy(many), npy(many.map((value) => value + 1))];
    const { numbers } = compareRecords(activity({ outputs: [a] }), activity({ outputs: [b] }), objects);
    expect(numbers[0]).toMatchObject({ n: 1_000_000, differing: 1_000_000, largest: 1, rms: 1 });
    expect(numbers[0].pairs).toHaveLength(1500);
  });
});
