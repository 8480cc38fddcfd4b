import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { type OpenWorkspace, openWorkspace } from '@bregma/core/workspace';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FormatKit, Parts } from '../../../mcp-servers/atlas/src/formats/format.ts';
import { formats } from '../../../mcp-servers/atlas/src/formats/index.gen.ts';
import { openDuck } from '../../../mcp-servers/atlas/src/read/open-duck.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'bregma-damaged-'));
let workspace: OpenWorkspace;
beforeAll(() => {
  workspace = openWorkspace(folder);
});
afterAll(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function read(name: string, bytes: Uint8Array, options: Record<string, unknown> = {}): Promise<Parts> {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  const format = formats.find(({ extensions }) => extensions.some((ending) => name.endsWith(ending)));
  if (!format) throw new Error(`There is no format for ${name}.`);
  const { signal } = new AbortController();
  const duck = await openDuck(workspace.objects, signal, { also: [folder] });
  const kit: FormatKit = {
    objects: workspace.objects,
    duck,
    signal,
    progress: () => {},
    resolve: (one) => path.resolve(folder, one),
  };
  try {
    return await format.read(file, options, kit);
  } finally {
    duck.close();
  }
}

/** Files of the zoo that are small enough to be damaged many times. */
const zoo = path.join(process.env.BREGMA_MIRROR ?? '../shared/data', 'formats-zoo');
const samples = ['nwb', 'h5ad', '10x'].flatMap((kind) => {
  const place = path.join(zoo, kind);
  return existsSync(place) ? readdirSync(place).map((file) => path.join(place, file)) : [];
});
const readable = samples.filter((file) =>
  formats.some(({ extensions }) => extensions.some((ending) => file.endsWith(ending))),
);
const small = readable.filter((file) => readFileSync(file).length < 330_000);
if (readable.length === 0) console.log('Skipped without BREGMA_MIRROR: damaged files of the zoo.');

describe.skipIf(small.length === 0)('a damaged file', () => {
  test('is read or refused by name, with a next step, whatever byte is another', async () => {
    const runs = Number(process.env.BREGMA_FUZZ_RUNS ?? 12);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...small),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.integer({ min: 0, max: 255 })),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        async (file, changes, cut) => {
          const bytes = Uint8Array.from(readFileSync(file));
          for (const [at, value] of changes) bytes[Math.floor(at * bytes.length)] = value;
          const damaged = cut === null ? bytes : bytes.subarray(0, Math.floor(cut * bytes.length));
          const name = `damaged-${path.basename(file)}`;
          const outcome = await read(name, damaged).catch((error) => error);
          if (!(outcome instanceof Error)) return;
          expect(outcome).toBeInstanceOf(BregmaError);
          const { code, message, next } = outcome as BregmaError;
          expect(['bad-input', 'corrupt', 'too-large', 'missing'], message).toContain(code);
          expect(next, message).toBeTruthy();
        },
      ),
      { numRuns: runs },
    );
  }, 580_000);
});

describe('HDF5 that leads elsewhere', () => {
  /** A file that the library itself writes. */
  async function written(make: (file: import('h5wasm').File) => void): Promise<Uint8Array> {
    const { default: library } = await import('h5wasm');
    const { FS } = await library.ready;
    const file = new library.File('/made.h5', 'w');
    make(file);
    file.close();
    return FS.readFile('/made.h5');
  }

  test('by an external link is read without it, and the link is named', async () => {
    writeFileSync(
      path.join(folder, 'secret.h5'),
      await written((file) => file.create_dataset({ name: 'x', data: [1, 2] })),
    );
    const linking = await written((file) => {
      file.create_dataset({ name: 'own', data: [5, 6, 7] });
      file.create_external_link(path.join(folder, 'secret.h5'), '/x', 'stolen');
    });
    const { tables, warnings } = await read('linking.h5', linking);
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([['own', 3]]);
    expect(warnings.join()).toMatch(/stolen was left out: it lies in another file/);
  });

  test.each([[-2], [2]])(
    'by the code %i of a category that there is not is refused, and −1 is missing',
    async (code) => {
      const cells = (codes: number[]) =>
        written((file) => {
          file.create_dataset({ name: 'X', data: [1, 2, 3], shape: [3, 1] });
          const obs = file.create_group('obs');
          const kind = obs.create_group('kind');
          kind.create_dataset({ name: 'codes', data: Int8Array.from(codes) });
          kind.create_dataset({ name: 'categories', data: ['basket', 'chandelier'] });
          obs.create_dataset({ name: '_index', data: ['a', 'b', 'c'] });
          const genes = file.create_group('var');
          genes.create_dataset({ name: '_index', data: ['Sst'] });
          for (const [group, attributes] of [
            [genes, { 'encoding-type': 'dataframe', 'encoding-version': '0.2.0', _index: '_index' }],
            [obs, { 'encoding-type': 'dataframe', 'encoding-version': '0.2.0', _index: '_index' }],
            [kind, { 'encoding-type': 'categorical', 'encoding-version': '0.2.0' }],
          ] as const)
            for (const [name, value] of Object.entries(attributes)) group.create_attribute(name, value);
          obs.create_attribute('column-order', ['kind']);
        });
      await expect(read('cells.h5ad', await cells([0, code, 1]))).rejects.toThrow(
        `Column kind of obs has 1 codes that stand for none of its 2 words, as ${code}: the file is damaged.`,
      );
      const { tables } = await read('cells.h5ad', await cells([0, -1, 1]));
      expect(tables.find(({ name }) => name === 'obs')?.rows).toBe(3);
    },
  );

  test('by a soft link to a group above it is read once', async () => {
    const circular = await written((file) => {
      file.create_group('a').create_dataset({ name: 'x', data: [1, 2, 3] });
      file.create_soft_link('/', '/a/root');
    });
    const { tables } = await read('circular.h5', circular);
    expect(tables.map(({ name }) => name).sort()).toEqual(['a_x', 'about']);
  });

  test('to far more values than the file can hold is read without them', async () => {
    const claiming = await written((file) => {
      file.create_dataset({ name: 'own', data: [5, 6, 7] });
      file
        .create_dataset({ name: 'huge', data: [1], shape: [1, 1], maxshape: [null, null], chunks: [16, 16] })
        .resize([2 ** 20, 2 ** 15]);
      file.create_dataset({ name: 'column', data: [1], shape: [1], maxshape: [null], chunks: [16] }).resize([2 ** 40]);
    });
    const { tables, arrays, warnings } = await read('claiming.h5', claiming);
    expect([tables.map(({ name }) => name), arrays]).toEqual([['own'], []]);
    expect(warnings.filter((one) => /left out/.test(one))).toHaveLength(2);
  });

  test('without an array is read where that array is left out', async () => {
    const bytes = await written((file) => {
      file.create_dataset({ name: 'own', data: [5, 6, 7] });
      file.create_dataset({ name: 'other', data: [1, 2] });
    });
    const { tables, warnings } = await read('two.h5', bytes, { leave_out: ['other'] });
    expect(tables.map(({ name }) => name)).toEqual(['own']);
    expect(warnings).toEqual(['Left out as asked for: /other.']);
  });
});
