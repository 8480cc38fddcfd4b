import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { drain } from '@bregma/core/ledger/activity-page';
import { writeCrate } from '@bregma/core/provenance/crate/write';
import { replayable } from '@bregma/core/provenance/replay';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectText } from '../../../extension/src/store/queries/object-text.ts';
import { type Connection, connect } from '../../fixtures/client.ts';
import { type Laboratory, laboratory } from '../../tools/lab/laboratory.ts';

/** Responses of an experiment before and after its test, by every way out. */
describe('responses of an experiment', () => {
  let lab: Laboratory;
  let server: Connection;
  let hypothesis: string;
  let experiment: string;
  let responses: string;
  beforeAll(async () => {
    lab = laboratory();
    server = await connect('lab', lab.folder);
    hypothesis = (await server.call('record_hypothesis', lab.claim)).value.hypothesis;
    await server.call('freeze_hypothesis', { hypothesis });
    const asked = { hypothesis, subject: lab.subject, stimuli: lab.unseen };
    const { plan } = (await server.call('plan_experiment', asked)).value;
    lab.approve(plan);
    const run = (await server.call('run_experiment', { plan })).value;
    experiment = run.experiment;
    responses = run.trials.responses.object;
  });
  afterAll(async () => {
    await server.close();
    lab.close();
  });

  const resource = async (uri: string) => {
    const { contents } = await server.client.readResource({ uri });
    return contents[0] as { text?: string; blob?: string };
  };
  const looks = () => lab.workspace.ledger.list('activity', 'read_resource').map(({ body }) => body);
  const editor = () => {
    const objects = new OpenObjects(lab.workspace.objects.folder, () => lab.workspace.ledger);
    return { ...lab.workspace, objects, task: { signal: new AbortController().signal, report: () => {} } };
  };
  const crate = (name: string) => {
    const to = path.join(lab.folder, name);
    const { named } = drain(writeCrate(lab.workspace.ledger, lab.workspace.objects, experiment, to));
    return { named, metadata: readFileSync(path.join(to, 'ro-crate-metadata.json'), 'utf8') };
  };

  test('answer with their digest alone before it is spent: as a resource, in the editor, in a crate', async () => {
    const { text, blob } = await resource(`bregma://object/${responses}`);
    expect(blob).toBeUndefined();
    expect(JSON.parse(text ?? '')).toMatchObject({ object: responses, closed: expect.stringContaining(experiment) });
    expect(() => objectText(editor(), responses)).toThrow(/stays closed/);
    expect(() => editor().objects.get(responses)).toThrow(/stays closed/);
    const { named, metadata } = crate('before');
    expect(named).toContainEqual({ object: responses, why: expect.stringContaining(experiment) });
    expect(metadata).toContain(responses);
  });

  test('are open by every one of these once it is', async () => {
    await server.call('test_hypothesis', {
      hypothesis,
      experiment,
      twins: lab.twins.map((twin, i) => ({ twin, predictions: lab.predictions[i] })),
    });
    expect((await resource(`bregma://object/${responses}`)).blob?.length).toBeGreaterThan(100);
    expect(objectText(editor(), responses)).toMatchObject({ text: null });
    expect(crate('after').named.map(({ object }) => object)).not.toContain(responses);
  });

  test('and every look is a record, with what was shown, who looked, and why nothing was shown', async () => {
    const before = looks().length;
    await resource(`bregma://hypothesis/${hypothesis}`);
    await expect(resource(`bregma://object/${'0'.repeat(64)}`)).rejects.toThrow(/not in this workspace/);
    await expect(resource('bregma://object/..%2f..%2fkey')).rejects.toThrow(/is no object id/);
    const look = lab.workspace.ledger.list('activity', 'read_resource').at(-1)?.id ?? '';
    expect(() => replayable(lab.workspace.ledger, look)).toThrow(/is a look/);
    const [shown, missing, wrong] = looks().slice(before);
    expect(shown).toMatchObject({ status: 'ok', inputs: [hypothesis], effect: 'read', client: 'bregma-test 1.0.0' });
    expect(missing).toMatchObject({ status: 'failed', inputs: [], error: { code: 'missing' } });
    expect(wrong).toMatchObject({ status: 'failed', arguments: { uri: expect.stringContaining('key') } });
    const closed = looks().filter(({ arguments: { uri } }) => String(uri).endsWith(responses));
    expect(closed.map(({ inputs }) => inputs)).toEqual([[], [responses]]);
  });
});
