import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../fixtures/client.ts';
import { type Laboratory, laboratory } from '../tools/lab/laboratory.ts';

/** Two servers of one kind and one workspace, whose records fall between each other's. */
describe('which call made this', () => {
  let lab: Laboratory;
  let servers: Connection[];
  beforeAll(async () => {
    lab = laboratory();
    servers = await Promise.all([connect('lab', lab.folder), connect('lab', lab.folder)]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()));
    lab.close();
  });

  test('is answered by key, for each of two servers that append at once', async () => {
    const calls = await Promise.all(
      Array.from({ length: 24 }, async (_, i) => {
        const server = servers[i % 2];
        const drafted = await server.call('record_hypothesis', {
          ...lab.claim,
          claim: `Claim number ${i} of two servers`,
        });
        const { hypothesis } = drafted.value as { hypothesis: string };
        const frozen = await server.call('freeze_hypothesis', { hypothesis });
        return { hypothesis, drafted: drafted.activity, frozen: frozen.activity };
      }),
    );
    const { ledger, close } = openWorkspace(lab.folder);
    for (const { hypothesis, drafted, frozen } of calls) {
      const [draft, freeze] = ledger.list('hypothesis', hypothesis);
      expect(ledger.makersOf(hypothesis).map(({ id }) => id)[0]).toBe(drafted);
      expect(ledger.makersOf(draft.id).map(({ id }) => id)).toEqual([drafted]);
      expect(ledger.makersOf(freeze.id).map(({ id }) => id)).toEqual([frozen]);
    }
    close();
  });

  test('names the run of an experiment and its end, and nothing for a call that was refused', async () => {
    const [server] = servers;
    const { value } = await server.call('record_hypothesis', lab.claim);
    await server.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    const plan = (
      await server.call('plan_experiment', { hypothesis: value.hypothesis, subject: lab.subject, stimuli: lab.unseen })
    ).value.plan as string;
    lab.approve(plan);
    const run = await server.call('run_experiment', { plan });
    const { ledger, close } = openWorkspace(lab.folder);
    const [start] = ledger.list('experiment', plan);
    const [end] = ledger.list('experiment', start.id);
    expect(ledger.find('activity', run.activity)?.body.made).toEqual([start.id, end.id]);
    const failed = await server.fail('test_hypothesis', {
      hypothesis: value.hypothesis,
      experiment: start.id,
      twins: [],
    });
    expect(ledger.find('activity', (failed as { activity?: string }).activity ?? '')?.body.made).toEqual([]);
    expect(ledger.makersOf(start.id).map(({ id }) => id)).toEqual([run.activity]);
    expect(ledger.makersOf(plan)[0].subject).toBe('plan_experiment');
    close();
  });
});
