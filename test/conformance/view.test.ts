import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pictureHtml } from '@bregma/notebooks/export/picture-html';
import type { Still } from '@bregma/webviews/kit/still';
import type { Models } from '@bregma/webviews/models.gen';
import { samples } from '@bregma/webviews/samples.gen';
import { stills } from '@bregma/webviews/stills.gen';
import { beforeAll, describe, expect, test } from 'vitest';
import { viewsWith } from '../../scripts/gen-views.ts';
import { root } from '../fixtures/client.ts';
import { type Page, pageWithoutBrowser } from '../fixtures/page.ts';

const folder = path.join(root, 'webviews/src');
// SAFETY: the folders that have a model are those of the index.
const names = viewsWith(root, 'model.ts') as (keyof Models)[];
const camelCase = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

interface Drawing {
  name: string;
  parse(value: unknown): unknown;
  render(place: object): { update(model: unknown): void; dispose(): void };
}

/** The view itself, read by its path: what draws has types of a browser. */
async function drawingOf(name: string): Promise<Drawing> {
  const [file] = readdirSync(path.join(folder, name)).filter((one) => /^view\.tsx?$/.test(one));
  const all = await import(path.join(folder, name, file));
  return all[camelCase(name)];
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe.each(names)('the view %s', (name) => {
  let page: Page;
  beforeAll(() => {
    page = pageWithoutBrowser();
  });

  test('is called as its folder, takes its sample and refuses what is none', async () => {
    const view = await drawingOf(name);
    expect(view.name).toBe(name);
    expect(view.parse(samples[name]())).toEqual(samples[name]());
    expect(() => view.parse(7)).toThrow();
  });

  test('draws its sample, draws it again in place, and ends', async () => {
    const view = await drawingOf(name);
    const el = page.place();
    const drawn = view.render({ model: view.parse(samples[name]()), el, host: page.host });
    // What a first drawing leads to is drawn in the turn after it: the box that is chosen, in words.
    await turn();
    const text = el.textContent;
    expect(text?.trim()).not.toBe('');
    drawn.update(view.parse(samples[name]()));
    await turn();
    expect(el.textContent).toBe(text);
    drawn.dispose();
    expect(page.asked).toEqual([]);
  });

  test('is shown on a page that runs nothing, where it has a still', async () => {
    // SAFETY: an index by name keeps each view's own model.
    const still = (stills as Record<string, ((model: unknown) => Still) | undefined>)[name];
    if (still) expect(still(samples[name]()).parts.length).toBeGreaterThan(0);
    const html = await pictureHtml({ view: name, model: samples[name]() }, async () => ({
      light: '<svg/>',
      dark: '<svg/>',
      warnings: [],
    }));
    expect(html).toMatch(/^<figure>.+<\/figure>$/s);
    expect(html).not.toMatch(/undefined|<script/);
  });

  test('stands on contracts and the kit alone, and on no other view', () => {
    const wrong = readdirSync(path.join(folder, name))
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) =>
        [...readFileSync(path.join(folder, name, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)]
          .map(([, from]) => from)
          .filter((from) => !/^(\.\/|\.\.\/kit\/)/.test(from))
          .filter((from) => from.startsWith('.') || (from.startsWith('@bregma/') && !mayStandOn.test(from)))
          .map((from) => `${file} imports ${from}`),
      );
    expect(wrong).toEqual([]);
  });
});

/** Nouns, errors and numbers of core: nothing that reads a file or knows the store. */
const mayStandOn = /^@bregma\/core\/(contracts\/|statistics\/|errors$|nearest$)/;
