import { TwinCard } from '@bregma/core/contracts/twin';
import { findTwin } from '@bregma/core/ledger/catalogue';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kinds } from '../../mcp-servers/twin/src/kinds/index.gen.ts';
import type { TwinKind } from '../../mcp-servers/twin/src/kinds/kind.ts';
import { type Connection, connect, temporaryWorkspace } from '../fixtures/client.ts';
import { addRecording, cornerNeurons, noiseImages } from '../fixtures/recording.ts';
import { addSimulatedWiring, simulateWorm, writeResponses } from '../fixtures/simulated-worm.ts';
import { addWiring } from '../fixtures/wiring.ts';

/** For each shape of data: what a twin of it is built on, how it is asked, and data that it cannot be built on. */
interface Subject {
  data: string;
  ask: (kind: TwinKind) => Record<string, unknown>;
  options?: Record<string, Record<string, unknown>>;
  wrong: string;
}
const subjects: Record<string, Subject> = {
  'stimulus-response': {
    data: 'corners',
    ask: () => ({ stimuli: [0, 1, 2] }),
    options: { 'encoding-cnn': { filters: 4, layers: 1, epochs: 4 } },
    wrong: 'circuit',
  },
  connectome: {
    data: 'circuit',
    ask: ({ takes }) =>
      'stimulate' in takes.run
        ? { stimulate: ['a'] }
        : { perturb: { activate: [{ neurons: ['a'] }] }, trials: 3, controls: 1, duration_ms: 100 },
    wrong: 'corners',
  },
  'causal-responses': {
    data: 'worm',
    ask: () => ({ stimulate: ['NAL'] }),
    options: { 'connectome-dynamics': { connectome: 'simulated-wiring', neuropeptide: false, monoamine: false } },
    wrong: 'corners',
  },
};

const space = temporaryWorkspace();
let atlas: Connection;
let twin: Connection;
let workspace: OpenWorkspace;
beforeAll(async () => {
  atlas = await connect('atlas', space.folder);
  twin = await connect('twin', space.folder);
  const count = 48;
  const images = noiseImages(count, 'corners');
  const responses = cornerNeurons(images, count, 'corners');
  await addRecording(atlas, space.folder, 'corners', { images, side: 16, responses, shape: [4, count] });
  await addWiring(atlas, space.folder, 'circuit', {
    neurons: [
      ['a', 'sense', 'ACh'],
      ['b', 'relay', 'ACh'],
      ['c', 'relay', 'GABA'],
      ['d', 'motor', 'ACh'],
    ],
    edges: [
      ['a', 'b', 200],
      ['b', 'd', 200],
      ['b', 'c', 150],
      ['c', 'd', 50],
    ],
  });
  const worm = simulateWorm({ pairs: 12 });
  await addSimulatedWiring(space.folder, worm);
  const files = writeResponses(space.folder, worm);
  await atlas.call('add_data', { source: files.responses, format: 'causal-responses', id: 'worm', options: files });
  workspace = openWorkspace(space.folder);
});
afterAll(async () => {
  workspace?.close();
  await atlas.close();
  await twin.close();
  space.remove();
});

describe.each(kinds.map((kind) => [kind.name, kind] as const))('%s', (name, kind) => {
  const subject = subjects[kind.needs];
  const build = (more: Record<string, unknown> = {}) =>
    twin.call('build_twin', { kind: name, data: subject.data, options: subject.options?.[name], ...more });
  const run = (id: string, more: Record<string, unknown> = {}) =>
    twin.call('run_twin', { twin: id, ...subject.ask(kind), ...more });

  test('has a subject here: a new shape of data needs one', () => expect(subject).toBeDefined());

  test('is described, option by option, and cites its source', async () => {
    const { value } = await twin.call('find_twins');
    const found = value.kinds.find((one: { kind: string }) => one.kind === name);
    expect(found).toMatchObject({ title: kind.title, needs: kind.needs });
    for (const option of Object.values(found.options)) expect(option).toMatch(/, default .+/);
    expect(kind.cite.length).toBeGreaterThan(0);
    for (const words of Object.values(kind.takes)) for (const what of Object.values(words)) expect(what).not.toBe('');
  });

  test('gives the same twin and the same bytes for the same seed', async () => {
    const [first, again] = [await build({ seed: 3 }), await build({ seed: 3 })];
    expect(again.value).toEqual(first.value);
    const [one, two] = [await run(first.value.twin, { seed: 5 }), await run(first.value.twin, { seed: 5 })];
    expect(two.value).toEqual(one.value);
    expect(one.value.predictions.object).toMatch(/^[0-9a-f]{64}$/);
    expect(['predicted', 'simulated', 'synthetic']).toContain(one.kind);
  });

  test('leaves a complete card, whose files are in the store', async () => {
    const { value } = await build();
    const card = findTwin(workspace.ledger, value.twin);
    expect(TwinCard.parse(card)).toEqual(card);
    expect(card).toMatchObject({ kind: name, title: kind.title, cite: kind.cite });
    expect(card.data).toMatch(/^.+@.+$/);
    expect(card.fittedOn.n).toBeGreaterThan(0);
    expect(Object.keys(card.options).sort()).toEqual(Object.keys(kind.options.shape).sort());
    expect(Object.keys(card.summary).length).toBeGreaterThan(0);
    for (const { object, bytes } of card.files) expect(workspace.objects.get(object).length).toBe(bytes);
  });

  test('refuses what it has no use for in one sentence that says what it takes', async () => {
    const { value } = await build();
    const given: Record<string, unknown> = {
      stimuli: [0],
      stimulate: ['a'],
      perturb: { silence: [{ neurons: ['a'] }] },
      readout: ['a'],
      trials: 77,
      duration_ms: 77,
      controls: 77,
      backend: 'wasm-f64',
    };
    for (const [argument, example] of Object.entries(given).filter(([one]) => !(one in kind.takes.run))) {
      const error = await twin.fail('run_twin', { twin: value.twin, ...subject.ask(kind), [argument]: example });
      expect([error.code, error.message]).toEqual(['bad-input', `${name} takes no ${argument}.`]);
      for (const takes of Object.keys(kind.takes.run)) expect(error.next).toContain(takes);
    }
    if (!kind.takes.build?.part)
      expect((await failToBuild({ part: 'first-half' })).message).toBe(`${name} takes no part.`);
  });

  const failToBuild = (more: Record<string, unknown>) =>
    twin.fail('build_twin', { kind: name, data: subject.data, options: subject.options?.[name], ...more });

  test('refuses data of another shape and says what to do', async () => {
    const error = await failToBuild({ data: subject.wrong });
    expect(['bad-input', 'unknown-name']).toContain(error.code);
    expect(`${error.message} ${error.next ?? ''}`).toMatch(/shape|connectome has|needs|describe_data/);
    expect(error.next ?? error.message).not.toBe('');
  });

  test('is scored on nothing that it was fitted on', async () => {
    const judge = (id: string) => ({ twin: id, data: subject.data, protocol: 'heldout' });
    if (!kind.validate) {
      const { value } = await build();
      const error = await twin.fail('validate_twin', judge(value.twin));
      expect(error.message).toBe(`${name} is not validated here: nothing measures what it predicts.`);
      return;
    }
    if (!kind.takes.build?.part) return; // It is fitted to no measurement at all.
    const whole = await build();
    const error = await twin.fail('validate_twin', judge(whole.value.twin));
    expect([error.code, error.next]).toEqual(['conflict', expect.stringContaining('first-half')]);
    const half = await build({ part: 'first-half' });
    const card = findTwin(workspace.ledger, half.value.twin);
    expect(card.fittedOn.indices?.length).toBe(card.fittedOn.n);
    const { value } = await twin.call('validate_twin', {
      ...judge(half.value.twin),
      ...('controls' in (kind.takes.validate ?? {}) ? { controls: 1 } : {}),
    });
    const { stimuli, stimulated } = value.tested;
    const all = subject.data === 'corners' ? 48 : 24;
    expect(stimuli ?? stimulated).toBeLessThanOrEqual(all - card.fittedOn.n);
  });

  test('has images made for it, or says that it takes none', async () => {
    const { value } = await build();
    const asked = { twins: [value.twin], synthesise: { goal: 'suppressing', neurons: [1], starts: 1, steps: 1 } };
    if (!kind.network) {
      const error = await twin.fail('design_experiment', asked);
      expect(error.message).toBe(`${value.twin} (${name}) takes no images: none can be made for it.`);
      expect(error.next).toContain('encoding-');
      return;
    }
    const made = await twin.call('design_experiment', asked);
    expect(made.kind).toBe('predicted');
    expect(made.value.images[0]).toMatchObject({ neuron: 1, png: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(Number.isFinite(made.value.images[0].predicted)).toBe(true);
  });

  test('reports progress and hears a cancel', async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const context = {
      workspace,
      signal: controller.signal,
      progress: ({ done }: { done: number }) => void seen.push(done),
      client: 'test',
      append: () => {},
      runs: { status: () => fail(), cancel: () => fail(), wait: async () => {} },
    };
    const fail = (): never => {
      throw new Error('A kind asks for no runs.');
    };
    const options = kind.options.parse(subject.options?.[name] ?? {});
    await kind.build({ data: subject.data, part: 'all', options, seed: 0 }, context);
    expect(seen.length).toBeGreaterThan(0);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    controller.abort();
    const { value } = await build();
    const card = findTwin(workspace.ledger, value.twin);
    const request = { durationMs: 500, trials: 10, controls: 2, backend: 'auto' as const, seed: 0, limit: 5 };
    await expect(kind.run(card, { ...request, ...subject.ask(kind) }, context)).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
