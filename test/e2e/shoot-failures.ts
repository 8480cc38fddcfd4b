import { afterEach } from 'vitest';
import { openEditors } from './editor.ts';

// What a person would have seen when a test failed, as `.cache/e2e/shots/failed-TEST.png`, and what the window said.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = `failed-${task.name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}`;
  for (const editor of openEditors) {
    await editor.shot(name).catch(() => {});
    const said = await editor.page
      .locator('.notification-list-item-message')
      .allTextContents()
      .catch(() => []);
    console.log([`When '${task.name}' failed, the window said:`, ...said, ...editor.log().slice(-15)].join('\n  '));
  }
});
