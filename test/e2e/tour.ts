// `npm run tour`: opens the real editor on a workspace with a bit of everything, walks through every tree, panel, walkthrough step
// and notebook, and writes a picture of each to `.cache/e2e/shots/tour/`, for somebody to look at.
//   npm run tour -- --theme dark,light,high-contrast --size 1400x900,900x700 --only tree,board
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { editorPrograms, installEditor } from '../../scripts/editor.mjs';
import { root } from '../fixtures/client.ts';
import { type EditorOptions, openEditor } from './editor.ts';
import { stops } from './tour-stops.ts';
import { type TourWorkspace, tourWorkspace } from './tour-workspace.ts';

const { values } = parseArgs({
  options: {
    theme: { type: 'string', default: 'dark,light' },
    size: { type: 'string', default: '1400x900,900x700' },
    /** Stops whose name begins with one of these. */
    only: { type: 'string', default: '' },
  },
});
const wanted = values.only.split(',');
const chosen = stops.filter(({ name }) => wanted.some((start) => name.startsWith(start)));

async function walk(workspace: TourWorkspace, theme: EditorOptions['theme'], size: string): Promise<string[]> {
  const [width, height] = size.split('x').map(Number);
  const settings = { 'bregma.nativeModules': path.join(root, 'node_modules'), 'files.simpleDialog.enable': true };
  const editor = await openEditor({ folder: workspace.folder, theme, width, height, settings });
  editor.page.setDefaultTimeout(20_000);
  const missed: string[] = [];
  try {
    for (const { name, go } of chosen) {
      const picture = `tour/${name}-${theme}-${width}`;
      try {
        await go(editor, workspace);
        // What fades in has come, and a person would look now.
        await editor.page.waitForTimeout(700);
        await editor.shot(picture);
      } catch (error) {
        missed.push(`${picture}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
        await editor.shot(`${picture}-missed`);
      }
      // Escape would lead from a step of the walkthrough back to the list of them all.
      if (name.startsWith('walkthrough')) continue;
      await editor.page.keyboard.press('Escape');
      await editor.command('View: Close All Editors');
    }
  } finally {
    await editor.close();
  }
  return missed;
}

if (!existsSync(path.join(root, 'dist/extension'))) throw new Error('Run `npm run build` first.');
installEditor();
const { missing } = editorPrograms();
if (missing) throw new Error(missing);
process.env.BREGMA_TEST_DIST = '1';
const folder = mkdtempSync(path.join(tmpdir(), 'bregma-tour-'));
try {
  const workspace = await tourWorkspace(folder);
  const missed: string[] = [];
  for (const size of values.size.split(','))
    for (const theme of values.theme.split(','))
      missed.push(...(await walk(workspace, theme as EditorOptions['theme'], size)));
  console.log(`${chosen.length} places in .cache/e2e/shots/tour`);
  for (const line of missed) console.error(`not reached: ${line}`);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
