import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from '@bregma/core/statistics/random';
import { openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loop, startLoop } from '../fixtures/loop.ts';
import { addRecording, noiseImages } from '../fixtures/recording.ts';

// Every way in which evidence could be seen before a claim about it is frozen: through another call, another form, or in disguise.
const [side, count, neurons] = [8, 48, 4];
const random = makeRandom('doors');
const drawn = (length: number) => Float64Array.from({ length }, () => random.normal());
let loop: Loop;
beforeAll(async () => {
  loop = await startLoop();
});
afterAll(() => loop?.close());

interface Kept {
  images?: Uint8Array;
  responses: Float64Array;
  shape?: number[];
}

async function add(id: string, { images, responses, shape = [neurons, count] }: Kept, options = {}) {
  const recording = { images: images ?? noiseImages(count, id, side), side, responses, shape };
  await addRecording(loop.atlas, loop.folder, id, recording, options);
  return id;
}

/** Asks for a plan of what a twin of half of a recording has not seen, for a claim that is frozen now. */
async function planLate(id: string) {
  const twin = await loop.build(id, { part: 'first-half' });
  const hypothesis = await loop.freeze([twin], { direction: 'greater', size: 0 });
  const workspace = openWorkspace(loop.folder);
  const fitted = new Set<number>(workspace.ledger.latest('twin', twin)?.body.fittedOn.indices);
  workspace.close();
  const stimuli = Array.from({ length: count }, (_, i) => i).filter((i) => !fitted.has(i));
  const planned = { name: 'plan_experiment', arguments: { hypothesis, subject: id, stimuli } };
  // SAFETY: a refusal has an error of this form, an answer has none.
  const { error } = (await loop.lab.client.callTool(planned)).structuredContent as {
    error?: { refusal: string; message: string };
  };
  return error && { refusal: error.refusal, message: error.message };
}

/** Adds the responses of a recording a second time, as a table or a bare array. */
async function addAs(
  id: string,
  responses: Float64Array,
  form: 'array' | 'long' | 'wide' | 'units' | 'mean',
): Promise<string> {
  const source = form === 'array' ? `${id}/responses.npy` : `${id}/${form}.csv`;
  const at = (neuron: number, stimulus: number) => responses[neuron * count + stimulus];
  const all = (length: number) => Array.from({ length }, (_, i) => i);
  if (form === 'long') {
    const rows = all(neurons * count).map((i) => `n${Math.floor(i / count)},${i % count},${responses[i]}`);
    writeFileSync(path.join(loop.folder, source), ['cell,image,rate', ...rows].join('\n'));
  } else if (form === 'units') {
    const rows = all(neurons * count).map((i) => {
      const [neuron, image] = [Math.floor(i / count), i % count];
      return `n${neuron},${image},${(neuron + 2) * responses[i] - 7}`;
    });
    writeFileSync(path.join(loop.folder, source), ['cell,image,rate', ...rows].join('\n'));
  } else if (form === 'mean') {
    const rows = all(count).map((i) => {
      const sum = all(neurons).reduce((total, neuron) => total + at(neuron, i), 0);
      return `${i},${sum / neurons}`;
    });
    writeFileSync(path.join(loop.folder, source), ['image,mean', ...rows].join('\n'));
  } else if (form === 'wide') {
    const rows = all(count).map((i) => [i, ...all(neurons).map((neuron) => at(neuron, i).toFixed(3))].join(','));
    const names = all(neurons).map((neuron) => `n${neuron}`);
    writeFileSync(path.join(loop.folder, source), [['image', ...names].join(','), ...rows].join('\n'));
  }
  await loop.atlas.call('add_data', { source, id: `${id}-${form}`, options: { kind: 'measured' } });
  return `${id}-${form}`;
}

describe('a claim about a recording that was frozen after a look at it is refused', () => {
  test.each<[string, (id: string, responses: Float64Array) => Promise<unknown>, string]>([
    [
      'a query of its responses',
      (id) => loop.atlas.call('query_data', { sql: `SELECT avg(value) FROM "${id}".responses` }),
      'query_data',
    ],
    [
      'the object of its responses',
      async (id) => {
        const workspace = openWorkspace(loop.folder);
        const release = workspace.ledger.list('dataset').find(({ body }) => body.id === id)?.body;
        workspace.close();
        const object = release?.arrays.find(({ name }) => name === 'responses')?.object;
        await loop.atlas.client.readResource({ uri: `bregma://object/${object}` });
      },
      'read_resource',
    ],
    [
      'a cross-validation',
      (id) => loop.twin.call('validate_twin', { kind: 'encoding-pixel', data: id, protocol: 'cv5' }),
      'validate_twin',
    ],
    [
      'a query of the same responses as a bare array',
      async (id, responses) => {
        const other = await addAs(id, responses, 'array');
        await loop.atlas.call('query_data', { sql: `SELECT avg(value) FROM "${other}".responses` });
      },
      'query_data',
    ],
    [
      'a question of them as a long table',
      async (id, responses) => {
        const question = { metric: 'spearman', columns: { x: 'image', y: 'rate' } };
        await loop.atlas.call('analyse_data', { data: `"${await addAs(id, responses, 'long')}".long`, question });
      },
      'analyse_data',
    ],
    [
      'a query of them as a table of one column a neuron, rounded',
      async (id, responses) => {
        const other = await addAs(id, responses, 'wide');
        await loop.atlas.call('query_data', { sql: `SELECT * FROM "${other}".wide LIMIT 3` });
      },
      'query_data',
    ],
    [
      'a query of them in units of their own',
      async (id, responses) => {
        const other = await addAs(id, responses, 'units');
        await loop.atlas.call('query_data', { sql: `SELECT * FROM "${other}".units LIMIT 3` });
      },
      'query_data',
    ],
    [
      'a query of their mean over neurons',
      async (id, responses) => {
        const other = await addAs(id, responses, 'mean');
        await loop.atlas.call('query_data', { sql: `SELECT * FROM "${other}".mean LIMIT 3` });
      },
      'query_data',
    ],
    [
      'a query that fails with their values',
      async (id) => {
        const sql = `SELECT error(string_agg(value::VARCHAR, ' ')) FROM "${id}".responses`;
        expect((await loop.atlas.fail('query_data', { sql })).message).toMatch(/\d\.\d{6}/);
      },
      'query_data',
    ],
  ])('%s', async (name, look, tool) => {
    const responses = drawn(neurons * count);
    const id = await add(`seen-${name.replaceAll(/[^a-z]+/g, '-')}`.slice(0, 50), { responses });
    await look(id, responses);
    expect(await planLate(id)).toEqual({ refusal: 'after-the-fact', message: expect.stringContaining(tool) });
  });

  test('but saying what there is shows nothing, and other measurements are other evidence', async () => {
    const responses = drawn(neurons * count);
    const id = await add('unseen', { responses });
    await addAs(id, responses, 'long');
    await loop.atlas.call('describe_data', { data: 'unseen-long' });
    await loop.atlas.call('query_data', { sql: 'SELECT count(*) FROM "unseen-long".long WHERE image < 0' });
    const other = await add('somebody-elses', { responses: drawn(neurons * count) });
    await loop.twin.call('validate_twin', { kind: 'encoding-pixel', data: other, protocol: 'cv5' });
    await add('new', { responses: drawn(neurons * count) });
    await loop.atlas.fail('query_data', { sql: 'SELECT no_column FROM new.responses' });
    expect(await planLate('new')).toBeUndefined();
  });
});

describe('what was seen is known again in disguise', () => {
  const images = noiseImages(count, 'shown', side);
  const responses = drawn(neurons * count);
  const trials = Float64Array.from({ length: 3 * neurons * count }, () => random.normal());
  const of = (change: (value: number, i: number) => number): Kept => ({ images, responses: responses.map(change) });
  const turned = (i: number) => i - (i % count) + (count - 1 - (i % count));
  const first = { images, responses: trials.filter((_, i) => i % 3 === 0) };

  beforeAll(async () => {
    await add('shown', { images, responses });
    await add('shown-trials', { images, responses: trials, shape: [neurons, count, 3] });
    for (const data of ['shown', 'shown-trials'])
      await loop.twin.call('validate_twin', { kind: 'encoding-pixel', data, protocol: 'cv5' });
  });

  // Every other function: domain/identity/same-rows.test.ts.
  test.each<[string, Kept]>([
    ['rounded to a decimal', of((value) => Math.round(10 * value) / 10)],
    ['as exponentials', of(Math.exp)],
    ['with a little noise', of((value, i) => value + 0.01 * Math.sin(78 * i))],
    ['with holes', of((value, i) => (i % 7 === 0 ? Number.NaN : value))],
    [
      'among other neurons',
      { images, responses: Float64Array.from([...responses.slice(0, 2 * count), ...drawn(2 * count)]) },
    ],
    ['first presentations alone', first],
    [
      'under pictures a little brighter and in another unit',
      { ...of((value) => 3 * value), images: images.map((value) => Math.min(255, value + 1)) },
    ],
    ['under other pictures altogether', { responses }],
    [
      'under other pictures in another order and unit',
      { responses: of((_, i) => -2 * responses[turned(i)]).responses },
    ],
    ['as sums of neurons', of((value, i) => value + 0.5 * responses[(i + count) % responses.length])],
  ])('%s', async (name, kept) => {
    const id = await add(`again-${name.replaceAll(' ', '-')}`, kept);
    expect(await planLate(id)).toMatchObject({ refusal: 'after-the-fact' });
  });

  test('and measurements of the same stimuli that nobody saw are none of it', async () => {
    expect(await planLate(await add('measured-anew', { images, responses: drawn(neurons * count) }))).toBeUndefined();
  });
});
