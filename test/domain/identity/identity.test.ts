import { createHash } from 'node:crypto';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { neuronsOfTwin, seenByContent } from '@bregma/core/experiment/exposure';
import { copiesInWords, groupCopies, seenAmong } from '@bregma/core/identity/copies';
import { arrayDigest, neuronDigests, stimulusDigests, trialDigest } from '@bregma/core/identity/digests';
import { identityOf } from '@bregma/core/identity/recording';
import { matchNeurons } from '@bregma/core/identity/same-neurons';
import { writeNpy } from '@bregma/core/npy';
import { makeRandom } from '@bregma/core/statistics/random';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryWorkspace } from '../../fixtures/client.ts';

describe('digests', () => {
  test('a stimulus is its size and its pixels: copies are equal, one changed pixel or another form is not', () => {
    const digests = stimulusDigests({ shape: [3, 1, 2], data: Uint8Array.of(1, 2, 1, 2, 1, 3) });
    expect(digests[0]).toBe(digests[1]);
    expect(digests[0]).not.toBe(digests[2]);
    expect(stimulusDigests({ shape: [1, 2, 1], data: Uint8Array.of(1, 2) })[0]).not.toBe(digests[0]);
    const bytes = Buffer.concat([Buffer.from('stimulus 1 × 2\n'), Buffer.from([1, 2])]);
    expect(digests[0]).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('an array is its type, shape and values', () => {
    const data = Float64Array.of(1, 2);
    expect(arrayDigest({ dtype: 'f8', shape: [2], data })).toBe(
      arrayDigest({ dtype: 'f8', shape: [2], data: data.slice() }),
    );
    expect(arrayDigest({ dtype: 'f8', shape: [1, 2], data })).not.toBe(arrayDigest({ dtype: 'f8', shape: [2], data }));
  });

  test('a neuron is its name where it has one; names that only count tell nothing between data sets; else its place', () => {
    const of = (id: string, digest: string, names?: string[]) => neuronDigests({ id, digest, neurons: 2, names });
    expect(of('a', 'x', ['AVAL', 'AVAR'])).toEqual(of('b', 'y', ['AVAR', 'AVAL']).reverse());
    expect(of('a', 'x', ['unit 0', 'unit 1'])).toEqual(of('a', 'y', ['unit 0', 'unit 1']));
    expect(of('a', 'x', ['unit 0', 'unit 1'])).not.toEqual(of('b', 'x', ['unit 0', 'unit 1']));
    expect(of('a', 'x')).toEqual(of('b', 'x'));
    expect(of('a', 'x')).not.toEqual(of('a', 'y'));
    expect(of('a', 'x', ['same', 'same'])).toEqual(of('a', 'x'));
  });

  test('a trial is its recording, stimulus and repeat', () => {
    const trial = { recording: 'r', stimulus: 's', repeat: 1 };
    expect(trialDigest(trial)).toBe(trialDigest({ ...trial }));
    expect(trialDigest(trial)).not.toBe(trialDigest({ ...trial, repeat: 2 }));
  });
});

test('copies are one unit, in the order in which they first appear', () => {
  const units = groupCopies(['b', 'a', 'b', 'c', 'a', 'b']);
  expect([...units.unitOf]).toEqual([0, 1, 0, 2, 1, 0]);
  expect(units.members).toEqual([[0, 2, 5], [1, 4], [3]]);
  expect(copiesInWords(units, { one: 'image', many: 'images' })).toBe(
    '3 different images among 6: 3 are copies (up to 3 of one). Copies count as one.',
  );
  expect(copiesInWords(groupCopies(['a', 'b']), { one: 'image', many: 'images' })).toBeUndefined();
  expect(seenAmong(['b', 'a', 'c'], new Set(['c', 'b']))).toEqual([0, 2]);
});

describe('recordings', () => {
  let workspace: OpenWorkspace;
  let remove: () => void;
  const [neurons, stimuli] = [5, 12];
  const random = makeRandom(4);
  const pixels = Uint8Array.from({ length: stimuli * 4 }, () => random.integer(256));
  const base = Float64Array.from({ length: neurons * stimuli }, () => random.normal());

  beforeAll(() => {
    const temporary = temporaryWorkspace();
    workspace = openWorkspace(temporary.folder);
    remove = temporary.remove;
  });
  afterAll(() => {
    workspace.close();
    remove();
  });

  /** Adds a release with these columns and rows of the base recording. */
  function add(reference: string, columns: number[], rows: number[], of = (value: number) => value): DatasetRelease {
    const put = (name: string, data: Uint8Array | Float64Array, shape: number[], axes: string[]) => ({
      name,
      object: workspace.objects.put(writeNpy({ data, shape }), 'application/x-npy').object,
      dtype: data instanceof Uint8Array ? 'u1' : 'f8',
      shape,
      axes,
    });
    const image = (column: number) => [...pixels.subarray(4 * column, 4 * column + 4)];
    const [id, release] = reference.split('@');
    const made: DatasetRelease = {
      id,
      release,
      card: {
        title: id,
        description: '',
        modality: '',
        kind: 'measured',
        cite: [],
        licence: 'CC0-1.0',
        exposure: 'private',
      },
      files: [],
      tables: [],
      shape: 'stimulus-response',
      arrays: [
        put(
          'stimuli',
          Uint8Array.from(columns.flatMap(image)),
          [columns.length, 2, 2, 1],
          ['stimulus', 'y', 'x', 'channel'],
        ),
        put(
          'responses',
          Float64Array.from(rows.flatMap((row) => columns.map((column) => of(base[row * stimuli + column])))),
          [rows.length, columns.length],
          ['neuron', 'stimulus'],
        ),
      ],
    };
    workspace.ledger.append([{ kind: 'dataset', subject: reference, body: made }]);
    return made;
  }
  const all = (count: number) => Array.from({ length: count }, (_, i) => i);
  const identity = async (release: DatasetRelease) => identityOf(release, workspace);

  test('the images that a twin was fitted on are found under another name, in another order and in a part', async () => {
    add('rec@1', all(stimuli), all(neurons));
    add('copy@1', all(stimuli), all(neurons));
    add('rec@2', all(stimuli).reverse(), all(neurons));
    add('part@1', [2, 7, 11], all(neurons));
    const twin = { twin: 'twin-a', data: 'rec@1', fittedOn: [0, 1, 2] };
    const seen = (subject: string, count: number) => seenByContent(twin, subject, all(count), workspace);
    expect(await seen('rec@1', stimuli)).toEqual([0, 1, 2]);
    expect(await seen('copy@1', stimuli)).toEqual([0, 1, 2]);
    expect(await seen('rec@2', stimuli)).toEqual([9, 10, 11]);
    expect(await seen('part@1', 3)).toEqual([0]);
    expect(await seenByContent({ ...twin, fittedOn: 'all' }, 'part@1', all(3), workspace)).toEqual([0, 1, 2]);
    expect(await seenByContent({ ...twin, data: 'gone@1' }, 'part@1', all(3), workspace)).toEqual([0, 1, 2]);
  });

  test('neurons in another order, number or unit are matched by what they did; others are not, however many they are', async () => {
    const from = await identity(add('one@1', all(stimuli), all(neurons)));
    const match = async (release: DatasetRelease) => [...matchNeurons(from, await identity(release), workspace)];
    expect(await match(add('one@2', all(stimuli), [4, 3, 2, 1, 0]))).toEqual([4, 3, 2, 1, 0]);
    expect(await match(add('one@3', all(stimuli).reverse(), [3, 1]))).toEqual([3, 1]);
    expect(await match(add('one@4', all(8), all(neurons), (value) => 1000 * value + 3))).toEqual(all(neurons));
    expect(await match(add('one@5', all(8), all(neurons), Math.fround))).toEqual(all(neurons));
    expect(await match(add('two@1', all(stimuli), all(neurons), (value) => value ** 2))).toEqual([-1, -1, -1, -1, -1]);
    expect(await match(add('one@6', all(3), all(neurons)))).toEqual([-1, -1, -1, -1, -1]);
  });

  test('a twin of a recording that happens to have as many neurons is a twin of other neurons', async () => {
    add('other@1', all(stimuli), all(neurons), () => makeRandom(`other ${random.uniform()}`).normal());
    const twin = { twin: 'twin-a', data: 'rec@1', fittedOn: 'all' as const };
    expect(await neuronsOfTwin(twin, 'other@1', workspace)).toBeUndefined();
    expect(await neuronsOfTwin(twin, 'rec@2', workspace)).toEqual({ at: Int32Array.from(all(neurons)), of: neurons });
  });
});
