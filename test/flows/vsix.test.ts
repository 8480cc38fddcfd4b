import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../fixtures/client.ts';

const tools = path.join(root, 'tools/editor/node_modules/@vscode/vsce/vsce');
const ready = process.env.BREGMA_TEST_DIST !== undefined && existsSync(tools);

function* files(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(full);
    else yield full;
  }
}

describe.skipIf(!ready)('the packed extension', () => {
  test('is under 7.5 MB, and has no native module in it', () => {
    const target = path.join(root, '.cache/size.vsix');
    const flags = ['--no-dependencies', '--skip-license', '--allow-missing-repository', '-o', target];
    const packed = spawnSync(process.execPath, [tools, 'package', ...flags], {
      cwd: path.join(root, 'dist/extension'),
    });
    expect(packed.status).toBe(0);
    expect(statSync(target).size).toBeLessThan(7_500_000);
    const native = [...files(path.join(root, 'dist/extension'))].filter((file) => /\.(node|so|dylib|dll)$/.test(file));
    expect(native).toEqual([]);
  });

  test('has views of under 700 kB each, in the editor and in chats', () => {
    for (const folder of ['webviews', 'apps']) {
      for (const file of files(path.join(root, 'dist/extension', folder)))
        expect([path.basename(file), statSync(file).size < 700_000]).toEqual([path.basename(file), true]);
    }
  });
});
