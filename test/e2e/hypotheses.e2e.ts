import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createKey, loadKey } from '@bregma/core/approval/keys';
import { readTrustedKeys } from '@bregma/core/approval/trusted';
import type { RecordKind } from '@bregma/core/contracts/answer';
import type { ExperimentStart } from '@bregma/core/contracts/experiment';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, connect } from '../fixtures/client.ts';
import { type Laboratory, laboratory } from '../tools/lab/laboratory.ts';
import { type Editor, openEditor } from './editor.ts';
import { axeViolations, command, drag, eventually } from './lab-editor.ts';
import { answer, answerFileDialog, dialog, inputBox, toast } from './workbench.ts';

const hostile = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script> \u202Ebidi\u001b[31m';

/** From a draft to a verdict, with a person at the editor and an agent at its own server. Each test goes on from the one before. */
describe('hypotheses and approvals in the real editor', () => {
  let lab: Laboratory;
  let agent: Connection;
  let editor: Editor;
  let draft: string;
  let plan: string;

  const records = <Kind extends RecordKind>(kind: Kind, subject?: string) => lab.workspace.ledger.list(kind, subject);
  const drafts = () => records('hypothesis').filter(({ body }) => body.content.claim.includes('bidi'));

  beforeAll(async () => {
    lab = laboratory();
    agent = await connect('lab', lab.folder);
    const { value } = await agent.call('record_hypothesis', lab.claim);
    await agent.call('freeze_hypothesis', { hypothesis: value.hypothesis });
    await agent.call('plan_experiment', {
      hypothesis: value.hypothesis,
      subject: lab.subject,
      stimuli: lab.unseen,
      repeats: 1,
    });
    editor = await openEditor({ folder: lab.folder });
    await editor.page.locator('.activitybar [aria-label^="Bregma"]').first().click();
  });
  afterAll(async () => {
    await editor?.close();
    await agent?.close();
    lab?.close();
  });

  test('an old plan is counted on the container and not announced', async () => {
    const { page } = editor;
    await page.locator('.pane-body .monaco-list-row', { hasText: 'Waits for a person' }).waitFor();
    await page.locator('.activitybar .badge-content', { hasText: '1' }).first().waitFor();
    expect(await toast(page, 'asks to run').count()).toBe(0);
  });

  test('a draft is written in a form that says what is missing and reads the prediction back', async () => {
    const { page } = editor;
    await command(editor, 'Bregma: New Hypothesis');
    const form = await editor.frame('.bregma-draft form');
    await form.locator('[data-focus="save"]').click();
    expect(await form.locator('[data-problem="claim"]').textContent()).toContain('at least 10 characters');
    expect(await form.evaluate('document.activeElement.id')).toBe('field-claim');
    await form.getByLabel('Claim').fill(`Twin 0 is better ${hostile}`);
    await form.getByLabel('Rival 1').fill('Both predict it equally well.');
    await form.getByLabel('First twin').selectOption(lab.twins[0]);
    await form.getByLabel('Second twin').selectOption(lab.twins[0]);
    expect(await form.locator('[data-problem="predictions.0.between.1"]').textContent()).toContain('another twin');
    await form.getByLabel('Second twin').selectOption(lab.twins[1]);
    await form.getByLabel('Smallest effect that counts').fill('0.05');
    expect(await form.locator('output').textContent()).toBe(
      'mean over neurons of r(twin 0) − r(twin 1) is greater than 0.05.',
    );
    expect.soft(await axeViolations(form)).toEqual([]);
    await editor.shot('hypotheses-draft-dark');
    expect(drafts()).toEqual([]);
    await form.getByLabel('Claim').press('Control+s');

    const card = await editor.frame('.bregma-hypothesis h1');
    const [record] = drafts();
    draft = record.subject;
    expect(await card.locator('h1').textContent()).toBe(
      'Twin 0 is better <img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script> ⟨202e⟩bidi⟨001b⟩[31m',
    );
    await inert(card);
    expect.soft(await axeViolations(card)).toEqual([]);
    const made = records('activity').at(-1)?.body;
    expect(made).toMatchObject({ tool: 'record_hypothesis' });
    expect(made?.client).toContain('bregma-editor');
    await page.getByRole('treeitem', { name: 'draft: Twin 0 is better <img' }).waitFor();
  });

  test('an edited draft takes the place of the one before; both stay on record', async () => {
    const card = await editor.frame('.bregma-hypothesis h1');
    await card.locator('[data-focus="edit"]').click();
    const form = await editor.frame('.bregma-draft form');
    expect(await form.getByLabel('Smallest effect that counts').inputValue()).toBe('0.05');
    await form.getByLabel('Smallest effect that counts').fill('0.1');
    await form.locator('[data-focus="save"]').click();
    const before = draft;
    await eventually(drafts, (found) => found.length === 2);
    const { subject, body } = drafts()[1];
    draft = subject;
    expect(body).toMatchObject({ state: 'draft', replaces: before });
    expect(body.content.predictions[0].size).toBe(0.1);
    await editor.frame(`.bregma-hypothesis .stamps code:text-is("${draft}")`);

    await command(editor, 'Bregma: Open Hypothesis Board');
    const board = await editor.frame('.bregma-board h1');
    await board.locator(`[data-id="${draft}"]`, { hasText: 'edited once' }).waitFor();
    expect(await board.locator(`[data-id="${before}"]`).count()).toBe(0);
    await inert(board);
    expect.soft(await axeViolations(board)).toEqual([]);
  });

  test('a card moves only where the life cycle allows it: a refused move says why and changes nothing', async () => {
    const board = await editor.frame('.bregma-board h1');
    const { seq } = lab.workspace.ledger.head();
    const card = board.locator(`[data-id="${draft}"]`);
    await drag(card, board.locator('[data-state="supported"].column'));
    expect(await board.locator('.status').textContent()).toContain('Not moved to supported. A draft is frozen first');
    await card.locator('.move').focus();
    await card.locator('.move').press('m');
    await board.locator('[role="menuitem"][data-state="frozen"]:focus').waitFor();
    await editor.shot('hypotheses-menu-dark');
    await editor.page.keyboard.press('ArrowUp');
    await editor.page.keyboard.press('Enter');
    expect(await board.locator('.status').textContent()).toContain('A draft is edited, not superseded');
    expect(lab.workspace.ledger.head().seq).toBe(seq);
  });

  test('dragged to frozen, it is explained, and frozen when the person agrees', async () => {
    const { page } = editor;
    const board = await editor.frame('.bregma-board h1');
    const card = () => board.locator(`[data-id="${draft}"]`);
    await drag(card(), board.locator('[data-state="frozen"].column'));
    await dialog(page).waitFor();
    expect(await dialog(page).textContent()).toContain('Nobody can edit them or undo this');
    await editor.shot('hypotheses-freeze-dark');
    await answer(page, 'Cancel');
    expect(drafts().some(({ body }) => body.state === 'frozen')).toBe(false);
    await drag(card(), board.locator('[data-state="frozen"].column'));
    await answer(page, 'Freeze');
    await board.locator(`[data-state="frozen"] [data-id="${draft}"]`).waitFor();
    expect(records('hypothesis', draft).at(-1)?.body.state).toBe('frozen');
    await card().locator('.claim').press('m');
    await page.keyboard.press('Enter');
    const form = await editor.frame('.bregma-draft form');
    expect(await form.locator('.intro').textContent()).toContain(`It supersedes ${draft} once it is frozen`);
    await command(editor, 'View: Close Editor');
  });

  test("an agent's plan is announced, shown with all that a signer needs, and signed only by typing its hash", async () => {
    const { page } = editor;
    ({ plan } = (
      await agent.call('plan_experiment', { hypothesis: draft, subject: lab.subject, stimuli: lab.unseen })
    ).value);
    const { hash } = lab.workspace.ledger.latest('plan', plan)!.body;
    await toast(page, 'asks to run an experiment').waitFor();
    await editor.shot('hypotheses-asked-dark');
    await toast(page, 'asks to run an experiment').locator('.monaco-button', { hasText: 'Review Plan' }).click();
    const view = await editor.frame('.bregma-approval h1');
    const text = await view.locator('.lab').textContent();
    for (const part of [
      'At most',
      'archival recording, no new animal use',
      'The driver would replay',
      'Stimulus',
      'It means',
      'Nobody has signed',
    ])
      expect(text).toContain(part);
    expect(await view.locator('.not-ok').count()).toBe(0);
    await inert(view);
    expect.soft(await axeViolations(view)).toEqual([]);
    await editor.shot('hypotheses-plan-dark');

    await view.locator('[data-focus="sign"]').click();
    expect(await dialog(page).textContent()).toContain('never sent anywhere');
    await answer(page, 'Make Key');
    const name = await inputBox(page, 'Your Name');
    await name.fill('Ada Tester');
    await name.press('Enter');
    const typed = await inputBox(page, `Type ${hash.slice(0, 6)} to sign`);
    await typed.fill('000000');
    await typed.press('Enter');
    await page.locator('.quick-input-widget', { hasText: 'Nothing is signed until it reads' }).waitFor();
    await editor.shot('hypotheses-typed-dark');
    await typed.press('Escape');
    expect(records('approval')).toEqual([]);
    expect(await agent.fail('run_experiment', { plan })).toMatchObject({ refusal: 'not-approved' });

    await view.locator('[data-focus="sign"]').click();
    const again = await inputBox(page, `Type ${hash.slice(0, 6)} to sign`);
    await again.fill(hash.slice(0, 6));
    await again.press('Enter');
    const [approval] = await eventually(
      () => records('approval'),
      ({ length }) => length === 1,
    );
    expect(approval.body.statement).toMatchObject({ plan, hash, by: 'Ada Tester', meaning: 'approve', demo: false });
    await view.locator('[data-standing="valid"]').waitFor();
  });

  test('the key goes to the command line encrypted, and is the one that the folder trusts', async () => {
    const { page } = editor;
    const file = path.join(lab.folder, 'exported.pem');
    await exportKey(file);
    await toast(page, 'bregma approve PLAN --key').waitFor();
    const { fingerprint } = loadKey(file, 'correct horse battery');
    expect(readTrustedKeys(lab.workspace.bregma).map((key) => [key.name, key.fingerprint])).toEqual([
      ['Ada Tester', fingerprint],
    ]);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  test('another key takes its place when the person says so, and only once its passphrase is right', async () => {
    const { page } = editor;
    const [other, none] = ['other.pem', 'none.pem'].map((name) => path.join(lab.folder, name));
    const { fingerprint } = createKey(other, 'battery staple horse');
    writeFileSync(none, 'no key at all');
    const begin = async (file: string) => {
      await command(editor, 'Bregma: Import Signing Key…');
      expect(await dialog(page).textContent()).toContain('Replace the signing key of Ada Tester?');
      await answer(page, 'Replace');
      await answerFileDialog(page, 'Import Signing Key', file);
    };
    await command(editor, 'Bregma: Import Signing Key…');
    await answer(page, 'Cancel');
    await begin(none);
    await toast(page, 'none.pem is no private key').waitFor();
    await begin(other);
    const wrong = await inputBox(page, 'It opens');
    await wrong.fill('correct horse battery');
    await wrong.press('Enter');
    const again = await inputBox(page, 'That passphrase does not open');
    await editor.shot('import-key-wrong-passphrase');
    await again.press('Escape');
    // Neither has changed which key signs.
    const exported = path.join(lab.folder, 'still-ada.pem');
    await exportKey(exported);
    expect(loadKey(exported, 'correct horse battery').fingerprint).not.toBe(fingerprint);
    await begin(other);
    const right = await inputBox(page, 'It opens');
    await right.fill('battery staple horse');
    await right.press('Enter');
    const name = await inputBox(page, 'Your Name');
    await name.fill('Grace Tester');
    await name.press('Enter');
    await toast(page, `You sign as Grace Tester with key ${fingerprint.slice(0, 16)}`).waitFor();
    const theirs = path.join(lab.folder, 'grace.pem');
    await exportKey(theirs);
    expect(loadKey(theirs, 'correct horse battery').fingerprint).toBe(fingerprint);
    // The folder trusts a key when its owner first signs in it, not before.
    expect(readTrustedKeys(lab.workspace.bregma).map((key) => key.name)).toEqual(['Ada Tester']);
  });

  test('while the kill switch is on nothing runs for an agent, who is told why; only a person releases it', async () => {
    const { page } = editor;
    await command(editor, 'Bregma: Stop Everything (Kill Switch)');
    const on = page.locator('.statusbar-item', { hasText: 'Kill switch is on' });
    await on.waitFor();
    await editor.shot('kill-switch-on');
    const before = records('experiment').length;
    const refused = await agent.fail('run_experiment', { plan });
    expect(JSON.stringify(refused)).toContain('The kill switch is on: STOP exists');
    expect(records('experiment')).toHaveLength(before);
    await on.locator('a').click();
    expect(await dialog(page).textContent()).toContain('Be sure that it is safe');
    await answer(page, 'Cancel');
    expect(existsSync(path.join(lab.workspace.bregma, 'STOP'))).toBe(true);
    await command(editor, 'Bregma: Release Kill Switch…');
    await answer(page, 'Release');
    await on.waitFor({ state: 'detached' });
    expect(existsSync(path.join(lab.workspace.bregma, 'STOP'))).toBe(false);
  });

  test('it runs once for the agent and not again; the verdict stands on the card with its numbers', async () => {
    const { value: run } = await agent.call('run_experiment', { plan });
    expect(run.state).toBe('complete');
    expect(run.approvedBy).toBe('Ada Tester');
    expect(await agent.fail('run_experiment', { plan })).toMatchObject({ refusal: 'used' });
    const { value: tested } = await agent.call('test_hypothesis', {
      hypothesis: draft,
      experiment: run.experiment,
      twins: lab.twins.map((twin, i) => ({ twin, predictions: lab.predictions[i] })),
    });
    await command(editor, 'Bregma: Open Hypothesis…');
    await editor.page.locator('.quick-input-list .monaco-list-row', { hasText: draft }).click();
    const card = await editor.frame('.bregma-hypothesis .numbers');
    const facts = await card.locator('.numbers').first().textContent();
    expect(tested.verdict).toBe('supported');
    expect(facts).toContain(`${Number(tested.estimate.toPrecision(3))} r`);
    expect(facts).toContain('40 stimuli');
    expect(facts).toContain(`e ≥ ${Math.round(tested.needed)}`);
    expect(await card.locator('.counts').textContent()).toContain('counts as evidence');
    expect.soft(await axeViolations(card)).toEqual([]);
    await editor.shot('hypotheses-card-dark');
  });

  test('the stop button is in the status bar while an experiment runs, and stops it without a server', async () => {
    const { page } = editor;
    const { value } = await agent.call('plan_experiment', slow());
    lab.approve(value.plan);
    const run = agent.call('run_experiment', { plan: value.plan });
    const button = page.locator('.statusbar-item', { hasText: /Stop experiment/ });
    await button.waitFor();
    await editor.shot('hypotheses-running-dark');
    await button.locator('a').click();
    await toast(page, 'Stopped after').waitFor();
    const { value: ended, completeness } = await run;
    expect(ended).toMatchObject({ state: 'stopped', reason: `STOP-${ended.experiment} exists` });
    expect(completeness.returned).toBeLessThan(40);
    expect(records('stop').at(-1)?.body.client).toBe('bregma-editor');
    await button.waitFor({ state: 'detached' });
  });

  test('when the server is killed, the editor says what is left, and a stop says that nothing runs', async () => {
    const { page } = editor;
    const other = await connect('lab', lab.folder);
    const { value } = await other.call('plan_experiment', { ...slow(), seed: 1 });
    lab.approve(value.plan);
    const run = other.call('run_experiment', { plan: value.plan }).catch(() => 'died');
    await page.locator('.statusbar-item', { hasText: /Stop experiment/ }).waitFor();
    const start = records('experiment', value.plan)[0];
    process.kill((start.body as ExperimentStart).process.pid, 'SIGKILL');
    await toast(page, `The process that ran ${start.id} is gone`).waitFor();
    await command(editor, 'Bregma: Stop Experiment');
    await toast(page, 'Nothing is running').waitFor();
    await page.locator('.pane-body .monaco-list-row', { hasText: 'Interrupted' }).waitFor();
    await other.close().catch(() => {});
    expect(await run).toBe('died');
  });

  async function exportKey(file: string): Promise<void> {
    const { page } = editor;
    await command(editor, 'Bregma: Export Signing Key…');
    for (const title of ['New Passphrase', 'New Passphrase, Again']) {
      const input = await inputBox(page, title);
      await input.fill('correct horse battery');
      await input.press('Enter');
    }
    await answerFileDialog(page, 'Export Signing Key', file);
    await eventually(
      () => existsSync(file),
      (made) => made,
    );
  }

  /** A scripted participant, 0.25 s a trial. */
  const slow = () => ({
    hypothesis: draft,
    driver: 'rehearsal',
    subject: 'scripted-4x60',
    stimuli: lab.unseen,
    repeats: 1,
    pace_ms: 250,
  });
});

/** Nothing that was displayed became markup or ran. */
async function inert(frame: Frame): Promise<void> {
  expect(await frame.evaluate("'hacked' in globalThis")).toBe(false);
  expect(await frame.locator('main img, main script').count()).toBe(0);
}
