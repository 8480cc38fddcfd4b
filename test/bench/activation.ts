// How long VS Code waits for this extension to activate, as the editor itself measures it ("Developer: Startup Performance").
// The editor is what `npm run test:e2e` installs.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { editorPrograms, findChromium } from '../../scripts/editor.mjs';
import { openEditor } from '../e2e/editor.ts';
import { connect } from '../fixtures/client.ts';

if (!findChromium() || editorPrograms().missing) {
  console.log('skipped: the editor is not installed; `npm run test:e2e` installs it');
  process.exit(0);
}
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-activation-'));
const atlas = await connect('atlas', folder);
await atlas.call('find_data', { query: 'worm' });
await atlas.close();
/** Pixels in which the report's table of extensions is drawn: lines outside the window are not made. */
const tall = 8000;
const runs = Number(process.argv[2] ?? 3);
const found: { load: number; call: number; finish: number }[] = [];
for (let run = 0; run < runs; run++) {
  const editor = await openEditor({ folder, height: tall });
  try {
    await editor.command('Developer: Startup Performance');
    await editor.page.locator('.view-lines').first().waitFor();
    // The report is a Markdown text; its table of extensions has load, call and finish in milliseconds.
    for (let tries = 0; tries < 60 && found.length === run; tries++) {
      await editor.page.waitForTimeout(500);
      const text = (await editor.page.locator('.view-lines').allTextContents()).join('\n').replaceAll('\u00a0', ' ');
      const row = /bregma\.bregma\s*\|[^|]*\|\s*(\d+)\s*\|\s*(\d+)\s*\|\s*(\d+)/.exec(text);
      if (row) found.push({ load: Number(row[1]), call: Number(row[2]), finish: Number(row[3]) });
    }
    await editor.shot('startup-performance');
  } finally {
    await editor.close();
  }
}
rmSync(folder, { recursive: true, force: true });
for (const { load, call, finish } of found)
  console.log(
    `activation: ${load + call} ms until activate returned (load ${load}, call ${call}), finished after ${finish}`,
  );
console.log(`${found.length} of ${runs} runs, ${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0].toFixed(1)}`);
