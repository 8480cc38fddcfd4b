import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { importNative, importNativeAside, installCommand, nativePackages } from '@bregma/core/native';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { root } from '../fixtures/client.ts';

describe('packages with native parts', () => {
  let folder: string;
  let program: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bregma-native-'));
    program = pathToFileURL(path.join(folder, 'program/servers/atlas.mjs')).href;
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A package that says where it was found, in `node_modules` below `place`. */
  function put(place: string, text = `exports.place = ${JSON.stringify(place)};`): string {
    const modules = path.join(folder, place, 'node_modules');
    mkdirSync(path.join(modules, 'onnxruntime-node'), { recursive: true });
    writeFileSync(path.join(modules, 'onnxruntime-node/package.json'), '{"name":"onnxruntime-node","main":"index.js"}');
    writeFileSync(path.join(modules, 'onnxruntime-node/index.js'), text);
    return modules;
  }
  const load = () => importNative<{ place: string }>('onnxruntime-node', program);

  test('are found beside the program, and in the folder that BREGMA_NATIVE_MODULES names before that', async () => {
    put('program');
    expect((await load()).place).toBe('program');
    vi.stubEnv('BREGMA_NATIVE_MODULES', put('named'));
    expect((await load()).place).toBe('named');
  });

  test('are found beside the program when the named folder lacks them or is gone', async () => {
    put('program');
    for (const named of [path.join(folder, 'gone/node_modules'), folder]) {
      vi.stubEnv('BREGMA_NATIVE_MODULES', named);
      expect((await load()).place).toBe('program');
    }
  });

  test('are an error that says how to install them when they are nowhere', async () => {
    vi.stubEnv('BREGMA_NATIVE_MODULES', '');
    await expect(load()).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining('ONNX Runtime is not installed'),
      next: expect.stringContaining(installCommand(['onnxruntime-node'])),
    });
  });

  test('are an error with its reason when they are there and do not load', async () => {
    vi.stubEnv('BREGMA_NATIVE_MODULES', put('named', `throw new Error('GLIBC_2.99 not found');`));
    await expect(load()).rejects.toMatchObject({
      code: 'missing',
      message: 'ONNX Runtime cannot be loaded: GLIBC_2.99 not found.',
    });
  });

  test('can be loaded by another thread first, once, and then by the one that asks', async () => {
    const log = path.join(folder, 'log');
    const note = `require('node:fs').appendFileSync(${JSON.stringify(log)}, require('node:worker_threads').isMainThread ? 'here ' : 'aside ');`;
    vi.stubEnv('BREGMA_NATIVE_MODULES', put('named', `${note} exports.place = 'named';`));
    const loads = [1, 2].map(() => importNativeAside<{ place: string }>('onnxruntime-node', program));
    expect((await Promise.all(loads)).map(({ place }) => place)).toEqual(['named', 'named']);
    const order = readFileSync(log, 'utf8').trim().split(' ');
    expect(order[0]).toBe('aside');
    expect(order).toHaveLength(2);
  });

  test('say why they do not load when another thread tried first, and load once they can', async () => {
    const modules = put('named', `throw new Error('GLIBC_2.99 not found');`);
    vi.stubEnv('BREGMA_NATIVE_MODULES', modules);
    const again = () => importNativeAside<{ place: string }>('onnxruntime-node', program);
    await expect(again()).rejects.toMatchObject({
      code: 'missing',
      message: 'ONNX Runtime cannot be loaded: GLIBC_2.99 not found.',
    });
    put('named');
    expect((await again()).place).toBe('named');
  });

  test('have the versions that the packages of this project declare', () => {
    const declared = Object.assign(
      {},
      ...['cli', 'mcp-servers/atlas', 'mcp-servers/twin'].flatMap((name) => {
        const { dependencies, optionalDependencies } = JSON.parse(
          readFileSync(path.join(root, name, 'package.json'), 'utf8'),
        );
        return [dependencies, optionalDependencies];
      }),
    );
    for (const [name, { version }] of Object.entries(nativePackages))
      expect([name, version]).toEqual([name, declared[name]]);
  });
});
