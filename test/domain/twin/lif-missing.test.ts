import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../fixtures/client.ts';

// The engine as it is shipped, in a folder of its own: one file and its worker, with no package beside them.
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-engine-'));
const program = path.join(root, 'test/fixtures/auto-backend.ts');
const bundled = path.join(folder, 'auto-backend.mjs');

beforeAll(async () => {
  await build({
    entryPoints: [program, path.join(root, 'mcp-servers/twin/src/lif-worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['webgpu'],
    entryNames: '[name]',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string, backend: string, env: Record<string, string> = {}) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', file, backend], {
    encoding: 'utf8',
    cwd: path.dirname(file),
    env: { ...process.env, ...env },
  });
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    throw new Error(stderr);
  }
}

test('the bundled engine simulates on its threads', () => {
  const answer = run(bundled, 'wasm');
  expect(answer).toEqual({ backend: 'wasm', spikes: Array(16).fill(3) });
});

test('without the package webgpu it says how to install it, and auto uses threads', () => {
  const answer = run(bundled, 'webgpu');
  expect(answer).toMatchObject({ code: 'missing', message: expect.stringContaining('WebGPU is not installed') });
  expect(answer.next).toContain('npm install webgpu@');
  expect(run(bundled, 'auto').backend).toBe('wasm');
});

test('without a graphics processor it says what is needed, and auto uses threads', () => {
  const none = { VK_ICD_FILENAMES: path.join(folder, 'nothing.json') };
  const answer = run(program, 'webgpu', none);
  expect(answer).toMatchObject({ code: 'missing', message: expect.stringContaining('No graphics processor') });
  expect(answer.next).toContain('driver');
  expect(run(program, 'auto', none).backend).toBe('wasm');
});

test.skipIf(!process.env.BREGMA_SOFTWARE_VULKAN)('auto does not take a processor that is imitated in software', () => {
  const software = { VK_ICD_FILENAMES: process.env.BREGMA_SOFTWARE_VULKAN as string };
  expect(run(program, 'auto', software).backend).toBe('wasm');
});
