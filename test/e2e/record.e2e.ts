import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../fixtures/client.ts';
import { type Editor, openEditor } from './editor.ts';
import { commandAndPick } from './workbench.ts';

describe('a record of the ledger in the real editor', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bregma-e2e-'));
  let editor: Editor;
  let activity: string;

  beforeAll(async () => {
    const atlas = await connect('atlas', folder);
    ({ activity } = await atlas.call('find_data', { query: 'connectome' }));
    await atlas.close();
    editor = await openEditor({ folder });
  });
  afterAll(async () => {
    await editor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is shown by the id that an answer gave', async () => {
    await commandAndPick(editor.page, 'Bregma: Show Record', activity, 'this id');
    const frame = await editor.frame('.bregma-activity h1');
    await editor.shot('record-dark');
    expect(await frame.locator('h1').textContent()).toContain('find_data');
    expect(await frame.locator('header code').textContent()).toBe(activity);
  });
});
