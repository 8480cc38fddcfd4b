import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { Editor } from './editor.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Violations that axe-core finds in a view, one line each. */
export async function axeViolations(frame: Frame): Promise<string[]> {
  await frame.evaluate(axeSource);
  return frame.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: string): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run('main.bregma');
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

/** Waits until `look` gives what is wanted. */
export async function eventually<Value>(look: () => Value | Promise<Value>, wanted: (value: Value) => boolean) {
  const end = Date.now() + 20_000;
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    if (Date.now() > end) expect.fail(`It stayed ${JSON.stringify(value)}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Runs a command of the palette, from the workbench: a view that is just closing would swallow the key. */
export async function command(editor: Editor, title: string): Promise<void> {
  await editor.page.locator('.part.sidebar .composite.title').click();
  await editor.command(title);
}

/** Drags one element of a view onto another: the browser's own drag does not reach into the editor's nested frames. */
export async function drag(from: Locator, to: Locator): Promise<void> {
  const dataTransfer = await from.evaluateHandle('new DataTransfer()');
  await from.dispatchEvent('dragstart', { dataTransfer });
  await to.dispatchEvent('dragover', { dataTransfer });
  await to.dispatchEvent('drop', { dataTransfer });
  await from.dispatchEvent('dragend', { dataTransfer });
}
