import path from 'node:path';
import { OpenObjects } from '@bregma/core/experiment/unspent';
import { Ledger } from '@bregma/core/ledger/ledger';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyForm, formOf } from '../../extension/src/hypotheses/draft.ts';
import { queries } from '../../extension/src/store/queries/index.gen.ts';
import type { ReadStore } from '../../extension/src/store/queries/query.ts';
import { type Connection, connect } from '../fixtures/client.ts';
import { type Laboratory, laboratory } from '../tools/lab/laboratory.ts';
import { openViews, type ViewBrowser } from './view-page.ts';

const hostile = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script> \u202Ebidi\u001b[31m';

const looks = [
  ['light', 1100],
  ['dark', 400],
  ['dark', 1400],
  ['high-contrast', 900],
  ['high-contrast-light', 400],
] as const;

/** Real models of a real laboratory: everything went through the lab server, and is read as the editor reads it. */
describe('board, card, form and plan, in the strictest host', () => {
  let lab: Laboratory;
  let server: Connection;
  let store: ReadStore;
  let views: ViewBrowser;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    lab = laboratory();
    server = await connect('lab', lab.folder);
    const say = async (claim: string, more: object = {}) =>
      (await server.call('record_hypothesis', { ...lab.claim, claim, ...more })).value.hypothesis as string;
    const frozen = async (claim: string, more: object = {}) => {
      const hypothesis = await say(claim, more);
      await server.call('freeze_hypothesis', { hypothesis });
      return hypothesis;
    };
    const planFor = async (hypothesis: string, more: object = {}) =>
      (await server.call('plan_experiment', { hypothesis, subject: lab.subject, stimuli: lab.unseen, ...more })).value
        .plan as string;
    ids.supported = await frozen('Twin 0 predicts this recording better than twin 1 does.');
    // Frozen before anything is seen of the recording: a plan on it needs that.
    ids.rehearsed = await frozen('The first twin explains at most a fifth.', {
      predictions: [{ metric: 'r', direction: 'less', size: 0.2, between: [lab.twins[0]] }],
    });
    ids.done = await planFor(ids.supported);
    lab.approve(ids.done);
    const { value: run } = await server.call('run_experiment', { plan: ids.done });
    await server.call('test_hypothesis', {
      hypothesis: ids.supported,
      experiment: run.experiment,
      twins: lab.twins.map((twin, i) => ({ twin, predictions: lab.predictions[i] })),
    });
    ids.draft = await say('Both twins predict this recording about equally well.');
    ids.edited = await say('Both twins predict this recording equally well, within a tenth.', {
      replaces: ids.draft,
      rivals: ['One of them is better by more than a tenth.', hostile],
      plan: 'Forty unseen images, once each.',
      predictions: [
        { metric: 'r_difference', direction: 'equivalent', size: 0.1, between: lab.twins, because: 'They are alike.' },
        { metric: 'r', direction: 'greater', size: 0.2, between: [lab.twins[0]] },
      ],
    });
    await say(`A hostile claim ${hostile}`);
    const rehearsal = await planFor(ids.rehearsed, {
      driver: 'rehearsal',
      subject: 'scripted-12x60',
      repeats: 1,
      max_duration_s: 900,
    });
    lab.approve(rehearsal);
    await server.call('run_experiment', { plan: rehearsal });
    ids.waiting = await planFor(ids.rehearsed, { repeats: 2, pace_ms: 250 });
    const bregma = path.join(lab.folder, '.bregma');
    const ledger = new Ledger(bregma, { readOnly: true });
    store = { bregma, ledger, objects: new OpenObjects(path.join(bregma, 'objects'), () => ledger) } as ReadStore;
    views = await openViews();
  });
  afterAll(async () => {
    await views?.close();
    await server?.close();
    store?.ledger.close();
    lab?.close();
  });

  const draft = (change: object) => ({
    mode: 'new',
    form: emptyForm(),
    twins: queries.draftSources(store).twins,
    trusted: true,
    saving: false,
    ...change,
  });
  const plan = (id: string, change: object = {}) => ({
    ...queries.planCard(store, id),
    key: { name: 'Ada Tester', fingerprint: 'ab'.repeat(32) },
    trusted: true,
    ...change,
  });
  const shown: [name: string, view: string, model: () => unknown][] = [
    ['board', 'board', () => queries.hypothesisBoard(store, true)],
    ['hypothesis', 'hypothesis', () => queries.hypothesisCard(store, ids.supported, true)],
    ['hypothesis-draft', 'hypothesis', () => queries.hypothesisCard(store, ids.edited, true)],
    ['hypothesis-rehearsed', 'hypothesis', () => queries.hypothesisCard(store, ids.rehearsed, false)],
    ['draft', 'draft', () => draft({})],
    [
      'draft-edited',
      'draft',
      () =>
        draft({
          mode: 'edit',
          of: ids.edited,
          form: formOf(queries.draftSources(store, ids.edited).content!),
          problem: 'The server said no.',
        }),
    ],
    ['plan', 'approval', () => plan(ids.waiting)],
    ['plan-done', 'approval', () => plan(ids.done, { key: null })],
    ['plan-untrusted', 'approval', () => plan(ids.waiting, { trusted: false })],
  ];

  test.each(shown)(
    '%s is accessible in every theme and width, inert, and asks for nothing',
    async (name, viewName, model) => {
      const view = await views.openView(viewName, model());
      for (const [theme, width] of name === viewName || name === 'plan' ? looks : looks.slice(0, 2)) {
        await view.look(theme, width);
        await view.shot(`lab-${name}-${theme}-${width}`);
        expect.soft(await view.axe(), `${name} ${theme}`).toEqual([]);
        expect.soft(await view.page.evaluate('document.documentElement.scrollWidth - innerWidth'), theme).toBe(0);
      }
      expect(await view.page.evaluate("'hacked' in globalThis")).toBe(false);
      expect(await view.page.locator('main img, main script').count()).toBe(0);
      expect(view.complaints).toEqual([]);
      await view.close();
    },
  );

  test('a model that comes while a menu is open waits, and what the person had in focus keeps it', async () => {
    const view = await views.openView('board', queries.hypothesisBoard(store, true));
    const move = view.page.locator(`[data-id="${ids.edited}"] .move`);
    await move.click();
    await view.show(queries.hypothesisBoard(store, true));
    await view.page.locator('[role="menuitem"][data-state="frozen"]:focus').waitFor();
    await view.page.keyboard.press('Escape');
    expect(await move.evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true);
    expect(await view.intents()).toEqual([]);
    await move.press('Enter');
    await view.page.keyboard.press('Enter');
    expect(await view.intents()).toEqual([{ intent: 'move', payload: { id: ids.edited, to: 'frozen' } }]);
    await view.close();
  });

  test('dragged with the mouse, a card goes where it may, and elsewhere it is said why not', async () => {
    const view = await views.openView('board', queries.hypothesisBoard(store, true), { width: 1400 });
    const card = view.page.locator(`[data-id="${ids.edited}"]`);
    await card.dragTo(view.page.locator('.column[data-state="refuted"]'));
    expect(await view.page.locator('.status').textContent()).toContain('Not moved to refuted. A draft is frozen first');
    expect(await view.intents()).toEqual([]);
    await card.dragTo(view.page.locator('.column[data-state="frozen"]'));
    expect(await view.intents()).toEqual([{ intent: 'move', payload: { id: ids.edited, to: 'frozen' } }]);
    await view.close();
  });

  test('in an untrusted workspace nothing can be dragged, moved or signed', async () => {
    const view = await views.openView('board', queries.hypothesisBoard(store, false));
    expect(await view.page.locator('[draggable]').count()).toBe(0);
    expect(await view.page.locator('.move:enabled, [data-focus="new"]:enabled').count()).toBe(0);
    await view.close();
    const sign = await views.openView('approval', plan(ids.waiting, { trusted: false }));
    expect(await sign.page.locator('[data-focus="sign"]').count()).toBe(0);
    await sign.close();
  });

  test('what is typed into a comment and chosen stays when the plan is drawn anew', async () => {
    const view = await views.openView('approval', plan(ids.waiting));
    await view.page.getByLabel('Only reviewed').check();
    await view.page.getByLabel('Comment').fill('Looks right.');
    await view.show(plan(ids.waiting, { state: 'reviewed' }));
    expect(await view.page.getByLabel('Only reviewed').isChecked()).toBe(true);
    await view.page.locator('[data-focus="sign"]').click();
    expect(await view.intents()).toEqual([
      { intent: 'sign', payload: { meaning: 'review', hours: 24, comment: 'Looks right.' } },
    ]);
    await view.close();
  });
});
