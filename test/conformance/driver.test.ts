import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Limits, PlanContent } from '@bregma/core/contracts/experiment';
import { ValueKind } from '@bregma/core/contracts/value-kind';
import { makeRandom } from '@bregma/core/statistics/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SessionStopped } from '../../mcp-servers/lab/src/domain/guard.ts';
import { blockOrder } from '../../mcp-servers/lab/src/domain/order.ts';
import type { LabDriver, SessionContext, Trial } from '../../mcp-servers/lab/src/drivers/driver.ts';
import { drivers } from '../../mcp-servers/lab/src/drivers/index.gen.ts';
import { type Laboratory, laboratory } from '../tools/lab/laboratory.ts';

/** Subjects of drivers that replay data that somebody added: at least 40 stimuli that no twin was fitted on. */
const added: Record<string, string> = { 'replay-rig': 'test-recording@1' };
const subjectOf = ({ name, standIn }: LabDriver): string => standIn ?? added[name];
/** A stop must be obeyed within this many trials and this much time. */
const stopsWithinMs = 200;

let lab: Laboratory;
beforeAll(() => {
  lab = laboratory();
});
afterAll(() => lab.close());

async function planFor(driver: LabDriver, change: Partial<PlanContent['design']> & { limits?: Partial<Limits> } = {}) {
  const { limits, ...design } = change;
  const about = await driver.describe(subjectOf(driver), lab.workspace);
  const stimuli = design.stimuli ?? [10, 11, 12, 13, 15, 16];
  const repeats = design.repeats ?? stimuli.map(() => 2);
  const order = blockOrder(stimuli, repeats, makeRandom(1));
  const plan: PlanContent = {
    hypothesis: 'hyp-0000000000000000',
    frozen: '0'.repeat(64),
    driver: driver.name,
    subject: about.subject,
    twins: lab.twins.map((twin) => ({ twin, data: lab.subject, fittedOn: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] })),
    design: {
      stimuli,
      repeats,
      order: lab.workspace.objects.put(JSON.stringify(order), 'application/json'),
      trials: order.length,
      orderSeed: 7,
      randomisation: 'blocks',
      paceMs: 0,
      ...design,
    },
    power: { n: stimuli.length, of: 'stimuli', detectable: 1, power: 0.8, level: 0.025, assuming: '' },
    limits: {
      maxTrials: order.length,
      maxDurationS: 60,
      allowedStimuli: [...stimuli].sort((a, b) => a - b),
      ...limits,
    },
    cost: { trials: order.length, durationS: 0, newSubjects: 0 },
  };
  return { plan, order, about };
}

function contextFor(order: number[], change: Partial<SessionContext> = {}): SessionContext {
  const { ledger, objects, bregma } = lab.workspace;
  return {
    ledger,
    objects,
    bregma,
    order,
    stopFiles: [path.join(bregma, 'no-such-stop')],
    signal: new AbortController().signal,
    now: () => performance.now(),
    ...change,
  };
}

async function collect(
  driver: LabDriver,
  plan: PlanContent,
  limits: Limits,
  context: SessionContext,
  after?: (trial: Trial, stop: (reason: string) => void) => void,
) {
  const session = await driver.open(plan, limits, context);
  const trials: Trial[] = [];
  try {
    for await (const trial of session.trials) {
      trials.push(trial);
      after?.(trial, session.stop);
    }
    return { trials, error: undefined };
  } catch (error) {
    return { trials, error };
  }
}

test('every driver has a subject to be tried on', () => {
  expect(drivers.filter((driver) => subjectOf(driver) === undefined).map(({ name }) => name)).toEqual([]);
  for (const { name } of drivers) expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
});

describe.each(drivers.map((driver) => [driver.name, driver] as const))('driver %s', (_, driver) => {
  test('describes its subject: permission, kind and sizes, and no response', async () => {
    const about = await driver.describe(subjectOf(driver), lab.workspace);
    expect(ValueKind.parse(about.kind)).toBe(about.kind);
    expect(about.subject.protocol.length).toBeGreaterThan(10);
    expect(about.neurons).toBeGreaterThan(0);
    expect(about.repeats?.length ?? about.stimuli).toBe(about.stimuli);
  });

  test('delivers what was asked, in the order asked, and says the kind in every row', async () => {
    const { plan, order, about } = await planFor(driver);
    const { trials, error } = await collect(driver, plan, plan.limits, contextFor(order));
    expect(error).toBeUndefined();
    expect(trials.map(({ stimulus }) => stimulus)).toEqual(order);
    expect(trials.map(({ trial }) => trial)).toEqual(order.map((_stimulus, i) => i));
    expect(new Set(trials.map(({ kind }) => kind))).toEqual(new Set([about.kind]));
    for (const { responses } of trials) expect(responses).toHaveLength(about.neurons);
    const shown = trials.map(({ stimulus, repeat }) => `${stimulus}:${repeat}`);
    expect(new Set(shown).size).toBe(shown.length);
  });

  test('gives the same trials for the same plan', async () => {
    const { plan, order } = await planFor(driver);
    const first = await collect(driver, plan, plan.limits, contextFor(order));
    const second = await collect(driver, plan, plan.limits, contextFor(order));
    expect(second.trials).toEqual(first.trials);
  });

  test('dry run accepts what it can do and refuses a stimulus that the subject does not hold', async () => {
    const good = await planFor(driver);
    expect((await driver.dryRun(good.plan, lab.workspace)).refusals).toEqual([]);
    const bad = await planFor(driver, { stimuli: [10, 5000], repeats: [1, 1] });
    expect((await driver.dryRun(bad.plan, lab.workspace)).refusals.join()).toMatch(/5000/);
    await expect(driver.open(bad.plan, bad.plan.limits, contextFor(bad.order))).rejects.toMatchObject({
      code: 'not-allowed',
    });
  });

  test('holds the limit of trials even when the order goes on', async () => {
    const { plan, order } = await planFor(driver);
    const { trials, error } = await collect(driver, plan, { ...plan.limits, maxTrials: 5 }, contextFor(order));
    expect(trials).toHaveLength(5);
    expect(error).toMatchObject({ code: 'not-allowed', fields: { refusal: 'limit' } });
  });

  test('never shows a stimulus that the limits do not allow, even when the order names it', async () => {
    const { plan, order } = await planFor(driver);
    const allowed = plan.limits.allowedStimuli.filter((stimulus) => stimulus !== order[3]);
    const { trials, error } = await collect(
      driver,
      plan,
      { ...plan.limits, allowedStimuli: allowed },
      contextFor(order),
    );
    expect(trials.map(({ stimulus }) => stimulus)).not.toContain(order[3]);
    expect(error).toMatchObject({ fields: { refusal: 'limit' } });
  });

  test('holds the limit of time, and a clock that cannot be read counts as too late', async () => {
    const { plan, order } = await planFor(driver);
    let clock = 0;
    const late = await collect(
      driver,
      plan,
      { ...plan.limits, maxDurationS: 3.5 },
      contextFor(order, { now: () => clock }),
      () => {
        clock += 1000;
      },
    );
    expect(late.trials).toHaveLength(4);
    expect(late.error).toMatchObject({ fields: { refusal: 'limit' } });
    const broken = await collect(driver, plan, plan.limits, contextFor(order, { now: () => Number.NaN }));
    expect(broken.trials).toEqual([]);
    expect(broken.error).toBeInstanceOf(Error);
  });

  test('starts no trial after stop, after a cancel, or once a stop file lies there', async () => {
    const { plan, order } = await planFor(driver);
    const byCall = await collect(
      driver,
      plan,
      plan.limits,
      contextFor(order),
      ({ trial }, stop) => trial === 2 && stop('enough'),
    );
    expect([byCall.trials.length, (byCall.error as Error).message]).toEqual([3, 'enough']);

    const controller = new AbortController();
    const byCancel = await collect(
      driver,
      plan,
      plan.limits,
      contextFor(order, { signal: controller.signal }),
      ({ trial }) => trial === 1 && controller.abort(),
    );
    expect(byCancel.trials).toHaveLength(2);
    expect(byCancel.error).toBeInstanceOf(SessionStopped);

    const file = path.join(lab.workspace.bregma, `STOP-${driver.name}`);
    const byFile = await collect(driver, plan, plan.limits, contextFor(order, { stopFiles: [file] }), ({ trial }) => {
      if (trial === 3) writeFileSync(file, '');
    });
    expect(byFile.trials).toHaveLength(4);
    expect(byFile.error).toBeInstanceOf(SessionStopped);
  });

  test('notices a stop while it waits between trials', async () => {
    const { plan, order } = await planFor(driver, { paceMs: 60_000 });
    const session = await driver.open(plan, plan.limits, contextFor(order));
    const iterator = session.trials[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    const startedAt = performance.now();
    setTimeout(() => session.stop('now'), 20);
    await expect(next).rejects.toBeInstanceOf(SessionStopped);
    expect(performance.now() - startedAt).toBeLessThan(stopsWithinMs);
  });

  test.skipIf(process.getuid?.() === 0)(
    'stops when it cannot look whether it must stop (skipped for root, who can look everywhere)',
    async () => {
      const { plan, order } = await planFor(driver);
      const closed = path.join(lab.workspace.bregma, `closed-${driver.name}`);
      mkdirSync(closed, { recursive: true });
      chmodSync(closed, 0o000);
      const { trials, error } = await collect(
        driver,
        plan,
        plan.limits,
        contextFor(order, { stopFiles: [path.join(closed, 'STOP')] }),
      );
      chmodSync(closed, 0o700);
      expect(trials).toEqual([]);
      expect(error).toBeInstanceOf(SessionStopped);
    },
  );

  test('stops when the folder of the stop file is gone', async () => {
    const { plan, order } = await planFor(driver);
    const gone = path.join(lab.workspace.bregma, 'gone', 'STOP');
    const { trials, error } = await collect(driver, plan, plan.limits, contextFor(order, { stopFiles: [gone] }));
    expect(trials).toEqual([]);
    expect(error).toBeInstanceOf(SessionStopped);
  });
});
