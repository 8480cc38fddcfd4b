import path from 'node:path';
import type { LedgerRecord, StoredRecord } from '@bregma/core/ledger/records';
import { compareRecords } from '@bregma/core/provenance/compare';
import { traceRecord } from '@bregma/core/provenance/walk';
import { openWorkspace } from '@bregma/core/workspace';
import type { ComparisonModel } from '@bregma/webviews/comparison/model';
import type { LineageModel } from '@bregma/webviews/lineage/model';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeRecord } from '../../extension/src/provenance/describe-record.ts';
import { temporaryWorkspace } from '../fixtures/client.ts';
import { makeLargeLedger } from '../fixtures/large-ledger.ts';
import { openViews, type ViewBrowser } from './view-page.ts';

const made = temporaryWorkspace();
const root = makeLargeLedger(path.join(made.folder, '.bregma'), 3000, 2000);
const { ledger, objects, close } = openWorkspace(made.folder);

function lineageModel(): LineageModel {
  const { trace } = traceRecord(ledger, root, { limit: 6000, ungrouped: true });
  return { ...trace, edges: trace.edges.map(({ from, to, as }) => [from, to, as]) };
}

function comparisonModel(): ComparisonModel {
  const [before, after] = ledger.list('activity', 'query_data') as [LedgerRecord<'activity'>, LedgerRecord<'activity'>];
  const side = ({ id, at, body }: LedgerRecord<'activity'>) => ({
    id,
    at,
    tool: body.tool,
    code: body.code,
    valueKind: 'synthetic',
    n: null,
  });
  return { as: 'compare', before: side(before), after: side(after), ...compareRecords(before, after, objects) };
}

const failed = () => {
  const record = ledger.list('activity').find(({ body }) => body.status === 'failed');
  if (!record) throw new Error('The fixture has no failed activity.');
  return record;
};
const record = (found: StoredRecord | undefined) => found && describeRecord(ledger, objects, found);
const models: [string, string, () => unknown][] = [
  ['activity', 'record of a call', () => record(ledger.byId(root))],
  ['activity', 'record of a failed call', () => record(failed())],
  ['activity', 'record of a data set', () => record(ledger.list('dataset')[0])],
  ['lineage', 'lineage of 2,000 activities', lineageModel],
  ['comparison', 'comparison', comparisonModel],
];

describe('views of provenance, in the strictest host', () => {
  let views: ViewBrowser;
  beforeAll(async () => {
    views = await openViews();
  });
  afterAll(async () => {
    await views.close();
    close();
    made.remove();
  });

  test.each(models)(
    '%s: the %s is accessible in every theme and width, and asks for nothing',
    async (view, name, model) => {
      const shown = await views.openView(view, model());
      for (const [theme, width] of [
        ['light', 900],
        ['dark', 1400],
        ['high-contrast', 900],
        ['high-contrast-light', 400],
      ] as const) {
        await shown.look(theme, width);
        await shown.shot(`${name.replaceAll(/\W+/g, '-')}-${theme}-${width}`);
        expect.soft(await shown.axe(), `${name} ${theme}`).toEqual([]);
        expect.soft(await shown.page.evaluate('document.documentElement.scrollWidth - innerWidth'), theme).toBe(0);
      }
      expect(shown.complaints).toEqual([]);
      await shown.close();
    },
  );

  test('every button of a record says what the person wants', async () => {
    const shown = await views.openView('activity', record(ledger.byId(root)));
    for (const name of ['Verify', 'Verify all', 'Replay', 'Compare…', 'Lineage', 'Export RO-Crate…'])
      await shown.page.getByRole('button', { name, exact: true }).click();
    expect((await shown.intents()).map(({ intent }) => intent)).toEqual([
      'verify',
      'verify-all',
      'replay',
      'compare',
      'lineage',
      'export',
    ]);
    await shown.close();
    const refused = await views.openView('activity', record(failed()));
    await refused.page.getByRole('button', { name: 'Replay', exact: true }).press('Enter');
    expect(await refused.intents()).toEqual([]);
    expect(await refused.page.locator('main').textContent()).toContain('Next: Call describe_data.');
    await refused.close();
  });

  test('the graph of 2,000 activities is opened, searched and read as a list with the keyboard alone', async () => {
    const {
      page,
      intents,
      axe,
      shot,
      close: end,
    } = await views.openView('lineage', lineageModel(), { width: 1400, height: 900 });
    const before = await page.locator('.box').count();
    expect(before).toBeLessThan(12);
    await page.locator('.box.chosen').focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.box:focus').getAttribute('class')).toContain('group');
    await page.keyboard.press('Enter');
    expect(await page.locator('.box').count()).toBeGreaterThan(before + 20);
    await shot('lineage-group-open');
    await page.keyboard.press('Backspace');
    expect(await page.locator('.box').count()).toBe(before);
    await page.keyboard.press('/');
    await page.keyboard.type('data release');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('dataset');
    await page.keyboard.press('Enter');
    expect(await page.locator('.chosen-box').textContent()).toContain('An invented recording');
    await page.locator('.box.chosen').focus();
    await page.keyboard.press('Enter');
    expect(await intents()).toEqual([{ intent: 'open', payload: { id: 'synthetic-recording@1' } }]);
    await page.getByRole('button', { name: 'List' }).press('Enter');
    await page.getByRole('treeitem').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('treeitem').count()).toBeGreaterThan(3);
    expect(await axe()).toEqual([]);
    await end();
  });
});
