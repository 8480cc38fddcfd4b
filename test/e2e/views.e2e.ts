import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { samples } from '@bregma/webviews/samples.gen';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildView } from '../../scripts/build-editor.ts';
import { viewsWith } from '../../scripts/gen-views.ts';
import { root } from '../fixtures/client.ts';
import { ccfFolder, matrixModel, skeletonsModel, swcFolder, volumeModel } from './view-data.ts';
import { openViews, type ViewBrowser } from './view-page.ts';

/** The sample of every view; where real data are at hand, those. */
const models: Record<string, () => object> = {
  ...samples,
  matrix: matrixModel,
  ...(ccfFolder ? { volume: volumeModel } : {}),
  ...(swcFolder ? { skeletons: skeletonsModel } : {}),
};

describe('every view, in the strictest host', () => {
  let views: ViewBrowser;
  beforeAll(async () => {
    views = await openViews();
  });
  afterAll(() => views.close());

  test.each(Object.keys(models))('%s is accessible in every theme and width, and asks for nothing', async (name) => {
    const view = await views.openView(name, models[name]());
    // Beside colours a theme changes nothing: all rules are looked at in the widest and the narrowest.
    for (const [theme, width, rules] of [
      ['light', 900, ['color-contrast']],
      ['dark', 1400, undefined],
      ['high-contrast', 900, ['color-contrast']],
      ['high-contrast-light', 400, undefined],
    ] as const) {
      await view.look(theme, width);
      await view.shot(`${name}-${theme}-${width}`);
      expect.soft(await view.axe(rules && [...rules]), `${name} ${theme}`).toEqual([]);
      expect.soft(await view.page.evaluate('document.documentElement.scrollWidth - innerWidth'), theme).toBe(0);
    }
    expect(view.complaints).toEqual([]);
    await view.close();
  });
});

describe('bundles', () => {
  test('are under 700 KB each', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bregma-bundles-'));
    for (const name of viewsWith(root, 'model.ts')) {
      const file = path.join(folder, `${name}.js`);
      await buildView(root, name, file, {});
      expect.soft(statSync(file).size, name).toBeLessThan(700_000);
    }
    rmSync(folder, { recursive: true, force: true });
  });
});
