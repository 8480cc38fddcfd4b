import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { ExperimentEnd } from '@bregma/core/contracts/experiment';
import type { TestSpend } from '@bregma/core/contracts/hypothesis';
import { Ledger } from '@bregma/core/ledger/ledger';
import { parseNpy } from '@bregma/core/npy';
import { pearson } from '@bregma/core/statistics/correlation';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answered, type Connection, connect } from '../../fixtures/client.ts';
import { addTwin, type Laboratory, type LaboratoryOptions, laboratory } from './laboratory.ts';

let lab: Laboratory;
let server: Connection;
const spends = () => lab.workspace.ledger.list('test').filter(({ body }) => body.phase === 'spent');
const results = () => lab.workspace.ledger.list('test').filter(({ body }) => body.phase === 'result');

async function start(options?: LaboratoryOptions) {
  lab = laboratory(options);
  server = await connect('lab', lab.folder);
}
async function end() {
  await server?.close();
  lab?.close();
}

async function freeze(claim: Record<string, unknown>): Promise<string> {
  const { value } = await server.call('record_hypothesis', claim);
  await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  return value.hypothesis;
}

async function experiment(hypothesis: string, more: Record<string, unknown> = {}): Promise<string> {
  const { value } = await server.call('plan_experiment', {
    hypothesis,
    subject: lab.subject,
    stimuli: lab.unseen,
    ...more,
  });
  lab.approve(value.plan);
  return (await server.call('run_experiment', { plan: value.plan })).value.experiment;
}

const bothTwins = () => lab.twins.map((twin, i) => ({ twin, predictions: lab.predictions[i] }));

describe('a test on a real run of the loop', () => {
  let hypothesis: string;
  let id: string;
  let answered: Answered;
  beforeAll(async () => {
    await start();
    hypothesis = await freeze(lab.claim);
    id = await experiment(hypothesis);
    answered = await server.call('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins() });
  });
  afterAll(end);

  test('supports what is so, with numbers that follow from the stored trials', async () => {
    const { value, kind, n, uncertainty, release } = answered;
    expect([value.verdict, value.status, kind]).toEqual(['supported', 'supported', 'derived']);
    expect(value.eFor).toBeGreaterThanOrEqual(value.needed);
    expect(n).toEqual({ count: 40, of: 'stimuli' });
    expect(release).toEqual([lab.subject]);
    expect(value.estimate).toBeGreaterThan(uncertainty?.low);
    expect(value.estimate).toBeLessThan(uncertainty?.high);

    const end = lab.workspace.ledger.latest('experiment', id)?.body as ExperimentEnd;
    const rows = JSON.parse(lab.workspace.objects.get(end.table.object).toString()) as {
      stimulus: number;
      kind: string;
    }[];
    const trials = parseNpy(lab.workspace.objects.get(end.responses.object));
    expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['measured']));
    const effects = Array.from({ length: 12 }, (_, neuron) => {
      const measured = lab.unseen.map((stimulus) => {
        const own = rows.flatMap((row, i) => (row.stimulus === stimulus ? [Number(trials.data[i * 12 + neuron])] : []));
        const finite = own.filter(Number.isFinite);
        return finite.reduce((sum, y) => sum + y, 0) / finite.length;
      });
      const [a, b] = lab.predictions.map((object) => {
        const { data } = parseNpy(lab.workspace.objects.get(object));
        return pearson(
          lab.unseen.map((stimulus) => Number(data[neuron * 50 + stimulus])),
          measured,
        );
      });
      return a - b;
    });
    expect(value.estimate).toBeCloseTo(effects.reduce((sum, effect) => sum + effect, 0) / 12, 10);
    const table = parseNpy(lab.workspace.objects.get(value.perNeuron.object));
    expect(table.shape).toEqual([12, value.perNeuron.columns.length]);
    expect(Number(table.data[value.perNeuron.columns.indexOf('effect')])).toBeCloseTo(effects[0], 10);
  });

  test('leads from the verdict back to the raw file', async () => {
    const { value } = await server.call('trace_claim', { id: hypothesis });
    const kinds = new Set(value.nodes.map((node: { kind: string }) => node.kind));
    for (const kind of ['hypothesis', 'test', 'experiment', 'approval', 'plan', 'twin', 'dataset', 'file', 'activity'])
      expect(kinds).toContain(kind);
    expect(JSON.stringify(value).length / 4).toBeLessThan(2000);
  });

  test('answers once: the same prediction on the same experiment again is refused and costs nothing', async () => {
    const args = { hypothesis, experiment: id, twins: bothTwins() };
    expect(await server.fail('test_hypothesis', args)).toMatchObject({
      code: 'conflict',
      test: answered.value.test,
      verdict: 'supported',
    });
    expect(spends()).toHaveLength(1);
  });
});

describe('another test on a real run of the loop', () => {
  beforeEach(() => start());
  afterEach(end);

  test('refutes the opposite', async () => {
    const hypothesis = await freeze({
      ...lab.claim,
      predictions: [{ metric: 'r_difference', direction: 'less', between: lab.twins }],
    });
    const { value } = await server.call('test_hypothesis', {
      hypothesis,
      experiment: await experiment(hypothesis),
      twins: bothTwins(),
    });
    expect([value.verdict, value.status]).toEqual(['refuted', 'refuted']);
    const { value: found } = await server.call('find_records', { kind: 'test' });
    expect(found.budget).toMatchObject({ tests: 1, discoveries: 1 });
  });

  test('tests one twin against a size, and takes the twins in any order', async () => {
    const hypothesis = await freeze({
      ...lab.claim,
      predictions: [
        { id: 'better', metric: 'r_difference', direction: 'greater', between: lab.twins },
        { id: 'good', metric: 'r', direction: 'greater', size: 0.5, between: [lab.twins[0]] },
      ],
    });
    const id = await experiment(hypothesis);
    const unnamed = await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins() });
    expect(unnamed.next).toContain('better, good');
    const first = await server.call('test_hypothesis', {
      hypothesis,
      prediction: 'better',
      experiment: id,
      twins: bothTwins().reverse(),
    });
    expect([first.value.verdict, first.value.status]).toEqual(['supported', 'inconclusive']);
    const second = await server.call('test_hypothesis', {
      hypothesis,
      prediction: 'good',
      experiment: id,
      twins: bothTwins().slice(0, 1),
    });
    expect([second.value.verdict, second.value.status]).toEqual(['supported', 'supported']);
    expect([first.value.budget.index, second.value.budget.index]).toEqual([1, 2]);
  });
});

describe('what is refused before it costs budget', () => {
  let hypothesis: string;
  let id: string;
  beforeAll(async () => {
    await start();
    hypothesis = await freeze(lab.claim);
    id = await experiment(hypothesis);
  });
  afterAll(end);
  afterEach(() => expect(spends()).toHaveLength(0));

  test('a draft', async () => {
    const { value } = await server.call('record_hypothesis', { ...lab.claim, claim: 'Twin 0 is the better one.' });
    const error = await server.fail('test_hypothesis', {
      hypothesis: value.hypothesis,
      experiment: 'exp-0000000000000000',
      twins: bothTwins(),
    });
    expect(error).toMatchObject({ code: 'conflict' });
    expect(error.next).toContain('freeze_hypothesis');
  });

  test('a hypothesis that was frozen after the experiment began', async () => {
    const late = await freeze({ ...lab.claim, claim: 'Something that looks right now that the data are in.' });
    expect(
      await server.fail('test_hypothesis', { hypothesis: late, experiment: id, twins: bothTwins() }),
    ).toMatchObject({ refusal: 'after-the-fact' });
  });

  test('predictions that no twin made: the measured responses themselves, or those of another twin', async () => {
    const end = lab.workspace.ledger.latest('experiment', id)?.body as ExperimentEnd;
    const [first, second] = bothTwins();
    for (const predictions of [end.responses.object, second.predictions, 'f'.repeat(64)])
      expect(
        await server.fail('test_hypothesis', {
          hypothesis,
          experiment: id,
          twins: [{ ...first, predictions }, second],
        }),
      ).toMatchObject({ refusal: 'unknown-origin' });
  });

  test("the rival's predictions under a twin's name, when one activity made both", async () => {
    const [first, second] = bothTwins();
    const fresh = [0, 1].map((i) =>
      addTwin(
        lab.workspace,
        `twin ${i}`,
        new Float64Array(12 * 50).map((_, k) => (k * (i + 7)) % 11),
        [12, 50],
        'design_experiment',
      ),
    );
    expect(fresh.map(({ twin }) => twin)).toEqual(lab.twins);
    const swapped = [
      { ...first, predictions: fresh[1].predictions },
      { ...second, predictions: fresh[0].predictions },
    ];
    expect(await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: swapped })).toMatchObject({
      refusal: 'unknown-origin',
    });
  });

  test('twins of other neurons than those that were recorded', async () => {
    const other = addTwin(
      lab.workspace,
      'of another recording',
      new Float64Array(12 * 50),
      [12, 50],
      'run_twin',
      'other-recording@1',
    );
    const about = await freeze({
      ...lab.claim,
      predictions: [{ metric: 'r', direction: 'greater', between: [other.twin] }],
    });
    const plan = { hypothesis: about, subject: lab.subject, stimuli: lab.unseen };
    const error = await server.fail('plan_experiment', plan);
    expect(error.message).toContain('nothing shows that test-recording@1 holds the same ones');
  });

  test('other twins than the frozen ones', async () => {
    const [first, second] = bothTwins();
    const stranger = addTwin(lab.workspace, 'a third', new Float64Array(12 * 50).fill(1), [12, 50]);
    expect(
      await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: [first, stranger] }),
    ).toMatchObject({ refusal: 'other-twins' });
    expect(await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: [first, first] })).toMatchObject({
      refusal: 'other-twins',
    });
    expect(second.twin).not.toBe(stranger.twin);
  });

  test('a scripted rehearsal: its rows are synthetic', async () => {
    const rehearsed = await experiment(hypothesis, { driver: 'rehearsal', subject: 'scripted-12x50', repeats: 2 });
    const args = { hypothesis, experiment: rehearsed, twins: bothTwins() };
    expect(await server.fail('test_hypothesis', args)).toMatchObject({ refusal: 'not-measured' });
  });

  test('numbers typed in by the caller', async () => {
    for (const more of [{ p: 0.001 }, { e: 1e6 }, { evidence: { effect: 1 } }])
      expect(
        await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins(), ...more }),
      ).toMatchObject({ code: 'bad-input' });
  });

  test('an experiment that does not exist or has no trials', async () => {
    expect(
      await server.fail('test_hypothesis', { hypothesis, experiment: 'exp-0123456789abcdef', twins: bothTwins() }),
    ).toMatchObject({ code: 'unknown-name' });
  });

  test('predictions of another shape', async () => {
    const [first, second] = bothTwins();
    const odd = addTwin(lab.workspace, 'twin 0', new Float64Array(12 * 7), [12, 7]);
    expect(odd.twin).toBe(first.twin);
    const error = await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: [odd, second] });
    expect(error.message).toContain('7 columns');
  });
});

describe('a recording', () => {
  afterEach(end);

  test.each(['synthetic', 'simulated', 'imputed', 'predicted', 'derived'] as const)(
    'that is %s is no evidence, and a replay of it says so in every row',
    async (kind) => {
      await start({ kind });
      const hypothesis = await freeze(lab.claim);
      const id = await experiment(hypothesis);
      const end = lab.workspace.ledger.latest('experiment', id)?.body as ExperimentEnd;
      expect(end.kind).toBe(kind);
      expect(await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins() })).toMatchObject({
        refusal: 'not-measured',
      });
      expect(spends()).toHaveLength(0);
    },
  );

  test('of which nobody stated whether it was measured is not planned on, and its rows are no evidence', async () => {
    await start();
    const hypothesis = await freeze(lab.claim);
    const { ledger } = lab.workspace;
    // SAFETY: the laboratory's own recording.
    const { body } = ledger.list('dataset')[0] as { body: DatasetRelease };
    const planned = await server.call('plan_experiment', { hypothesis, subject: lab.subject, stimuli: lab.unseen });
    const card = { ...body.card, kind: 'not stated' as const };
    ledger.append([{ kind: 'dataset', subject: lab.subject, body: { ...body, card } }]);
    const refused = await server.fail('plan_experiment', { hypothesis, subject: lab.subject, stimuli: [20, 21, 22] });
    expect(refused).toMatchObject({ code: 'not-allowed', refusal: 'not-stated' });
    lab.approve(planned.value.plan);
    const { value } = await server.call('run_experiment', { plan: planned.value.plan });
    const error = await server.fail('test_hypothesis', {
      hypothesis,
      experiment: value.experiment,
      twins: bothTwins(),
    });
    expect(error).toMatchObject({ refusal: 'not-measured' });
    for (const { next } of [refused, error]) expect(next).toContain('"kind": "measured"');
    expect(spends()).toHaveLength(0);
  });
});

describe('the error budget', () => {
  afterEach(end);

  test('two processes that test at once never get the same level', async () => {
    await start();
    const predictions = Array.from({ length: 6 }, (_, i) => ({
      id: `p${i}`,
      metric: 'r_difference',
      direction: 'greater',
      size: i / 100,
      between: lab.twins,
    }));
    const hypothesis = await freeze({ ...lab.claim, predictions });
    const id = await experiment(hypothesis);
    const other = await connect('lab', lab.folder);
    const answers = await Promise.all(
      predictions.map((prediction, i) =>
        (i % 2 ? server : other).call('test_hypothesis', {
          hypothesis,
          prediction: prediction.id,
          experiment: id,
          twins: bothTwins(),
        }),
      ),
    );
    await other.close();
    expect(answers.map(({ value }) => value.budget.index).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(spends().map(({ body }) => (body as TestSpend).budget.index)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('goes on over sessions: a new server sees what was spent', async () => {
    await start();
    const hypothesis = await freeze(lab.claim);
    await server.call('test_hypothesis', { hypothesis, experiment: await experiment(hypothesis), twins: bothTwins() });
    await server.close();
    server = await connect('lab', lab.folder);
    const { value } = await server.call('find_records', { kind: 'test' });
    expect(value.budget).toMatchObject({ tests: 1, alpha: 0.05 });
  });

  test('the spend is on record before the evidence is opened: lost evidence costs the level', async () => {
    await start();
    const hypothesis = await freeze(lab.claim);
    const id = await experiment(hypothesis);
    const end = lab.workspace.ledger.latest('experiment', id)?.body as ExperimentEnd;
    const { rmSync } = await import('node:fs');
    rmSync(lab.workspace.objects.pathOf(end.responses.object));
    expect(await server.fail('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins() })).toMatchObject({
      code: 'missing',
    });
    expect([spends().length, results().length]).toEqual([1, 0]);
    const { value } = await server.call('find_records', { kind: 'test' });
    expect(value.records[0].status).toBe('spent, no result');
  });

  test('a server killed between spend and answer leaves the level spent, and the next test gets the next one', async () => {
    await start({ neurons: 120, stimuli: 200, slots: 8 });
    const hypothesis = await freeze(lab.claim);
    const id = await experiment(hypothesis);
    const doomed = await connect('lab', lab.folder);
    const pid = (doomed.client.transport as unknown as { pid: number }).pid;
    const answer = doomed
      .call('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins() })
      .catch(() => 'gone');
    const watcher = new Ledger(lab.workspace.bregma, { readOnly: true });
    while (watcher.list('test').length === 0) await new Promise(setImmediate);
    process.kill(pid, 'SIGKILL');
    watcher.close();
    expect(await answer).toBe('gone');
    await doomed.close().catch(() => {});
    expect([spends().length, results().length]).toEqual([1, 0]);
    const { value } = await server.call('test_hypothesis', { hypothesis, experiment: id, twins: bothTwins() });
    expect(value.budget.index).toBe(2);
  });
});
