import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/editor.mjs';
import { root, temporaryWorkspace } from '../fixtures/client.ts';

const { folder, remove } = temporaryWorkspace();
let browser: Browser;

const notebook = `---
title: Kinds & "signs"
---

# Kinds <b>of</b> edges, and [a link](https://example.org/?a=1&b=2)

| one | two |
|---|---|
| a   b | c & d |

\`\`\`bregma name=worm
tool: add_data
arguments:
  source: celegans-cook2019
\`\`\`

\`\`\`sql name=kinds
SELECT kind, count(*) AS n, '<i>&amp;"x"</i>' AS "odd & name" FROM celegans_cook2019.edges GROUP BY 1 ORDER BY 1
\`\`\`

\`\`\`plot name=bars
data: kinds
marks:
  - mark: bar
    x: kind
    y: n
\`\`\`
`;

const bregma = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, 'dist/bregma.mjs'), ...args], { cwd: folder, encoding: 'utf8' });

beforeAll(async () => {
  writeFileSync(path.join(folder, 'kinds.bregma.md'), notebook);
  expect(bregma('run', 'kinds.bregma.md', '--to', 'html').status).toBe(0);
  const [, activity] = /bregma export (act-\w+) --to/.exec(readFileSync(path.join(folder, 'kinds.html'), 'utf8')) ?? [];
  for (const to of ['crate', 'crate.zip']) expect(bregma('export', activity, '--to', to).status).toBe(0);
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  await browser?.close();
  remove();
});

/** Opens a page from its file. complaints: errors of the console, of scripts and of the policy. */
async function open(file: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(path.join(folder, file)).href);
  await page.locator('#check summary').click();
  return { page, complaints };
}

/** What the page says once it has looked at a crate. */
async function saidOf(page: Page, input: string, crate: string): Promise<string> {
  await page.locator(input).setInputFiles(path.join(folder, crate));
  await page.locator('#check-said', { hasText: /belong together|do not agree|could not be/ }).waitFor();
  return (await page.locator('#check-said').textContent()) ?? '';
}

const asZip = '#check input[accept=".zip"]';
const asFolder = '#check input[webkitdirectory]';

describe('a published page in a browser', () => {
  test('reads itself as the program that wrote it did, and holds with its crate, as a zip and as a folder', async () => {
    const { page, complaints } = await open('kinds.html');
    for (const [input, crate] of [
      [asZip, 'crate.zip'],
      [asFolder, 'crate'],
    ]) {
      const said = await saidOf(page, input, crate);
      expect(said).toContain('✓ The page and the crate belong together, and neither was changed.');
      expect(said).not.toContain('✗');
    }
    expect(complaints).toEqual([]);
    await page.screenshot({ path: path.join(root, '.cache/e2e/shots/published-page.png'), fullPage: true });
    await page.close();
  });

  test('names the cell that was changed after it was published', async () => {
    const html = readFileSync(path.join(folder, 'kinds.html'), 'utf8');
    writeFileSync(path.join(folder, 'changed.html'), html.replace('<td>chemical</td>', '<td>electrical</td>'));
    const { page } = await open('changed.html');
    const said = await saidOf(page, asZip, 'crate.zip');
    expect(said).toContain('✗ The page and the crate do not agree.');
    expect(said).toContain('✗ This page was changed after it was published: kinds.');
    await page.close();
  });

  test('takes a file that is no crate for what it is, and is reached and read without a mouse', async () => {
    writeFileSync(path.join(folder, 'other.zip'), 'no zip');
    const { page } = await open('kinds.html');
    expect(await saidOf(page, asZip, 'other.zip')).toContain('✗ This could not be checked');
    await page.locator('#check summary').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.accept')).toBe('.zip');
    // The page lets no script in, not even this one: it is looked at from a page that has the same elements.
    const { violations } = await audit(await page.content());
    expect(violations).toEqual([]);
    await page.close();
  });
});

/** What axe-core finds in a page, one line each. */
async function audit(html: string): Promise<{ violations: string[] }> {
  const page = await browser.newPage();
  await page.setContent(html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    // SAFETY: the line above put axe-core there.
    const found = await (globalThis as unknown as { axe: typeof axe }).axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html: at }) => at).join(' ')}`);
  });
  await page.close();
  return { violations };
}
