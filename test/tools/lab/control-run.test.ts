import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../../fixtures/client.ts';
import { type Laboratory, laboratory } from './laboratory.ts';

let lab: Laboratory;
let server: Connection;
let plan: string;
beforeAll(async () => {
  lab = laboratory();
  server = await connect('lab', lab.folder, { env: { BREGMA_HANDOVER_MS: '150' } });
  const { value } = await server.call('record_hypothesis', lab.claim);
  await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
  plan = (
    await server.call('plan_experiment', {
      hypothesis: value.hypothesis,
      subject: lab.subject,
      stimuli: lab.unseen,
      repeats: 1,
      pace_ms: 100,
    })
  ).value.plan;
  lab.approve(plan);
});
afterAll(async () => {
  await server?.close();
  lab?.close();
});

test('a long experiment is handed over as a run: its progress can be seen, a stop keeps what was measured', async () => {
  const { value: run } = await server.call('run_experiment', { plan });
  expect(run).toMatchObject({ state: 'running', tool: 'run_experiment' });
  await sleep(300);
  const { value: status } = await server.call('control_run', { run_id: run.run_id });
  expect(status.state).toBe('running');
  expect(status.progress.done).toBeGreaterThan(0);
  expect(status.progress.total).toBe(40);
  const { value: ended } = await server.call('control_run', { run_id: run.run_id, action: 'stop', wait_s: 5 });
  expect(ended.state).toBe('finished');
  expect(ended.answer.value).toMatchObject({ state: 'stopped', reason: 'the call was cancelled' });
  expect(ended.answer.completeness.returned).toBeGreaterThan(0);
  expect(ended.answer.completeness.returned).toBeLessThan(40);
});

test('by plan it reports the same experiment, and stopping what has ended changes nothing', async () => {
  const { value } = await server.call('control_run', { experiment: plan, action: 'stop' });
  expect(value).toMatchObject({ state: 'stopped', stopRequested: false, asked: 40 });
});

test('without an id it says how to stop everything', async () => {
  const error = await server.fail('control_run', { action: 'stop' });
  expect(error.next).toContain('STOP');
});
