import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

// What a person does with the widgets of VS Code itself. Each waits for what it did to show: a widget that closed under the hands,
// because a view took the focus, is opened again.

/** The text field of the palette, the pickers, the input boxes and the file dialogs. */
const quickInput = (page: Page): Locator => page.locator('.quick-input-widget input').first();

const rowWith = (page: Page, text: string): Locator =>
  page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();

/** Opens the quick input with a key, types, and clicks the row with this text. The list shows what is known when it opens. */
const openAndPick = (page: Page, key: string, typed: string, row: string): Promise<void> =>
  opened(page, 10, async () => {
    await page.keyboard.press(key);
    await pick(page, typed, row, 3000);
  });

/** Opens a widget and does something in it; one that closed under the hands is opened again, so many times. */
async function opened(page: Page, times: number, act: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (tries === times) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Runs a command of the palette by its full title. */
export const runCommand = (page: Page, title: string): Promise<void> => openAndPick(page, 'F1', `>${title}`, title);

/** Opens a file of the folder by its name, and waits until it is the one in front. */
export async function openFile(page: Page, name: string): Promise<void> {
  await openAndPick(page, 'Control+P', name, name);
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
}

/** Types into the picker that is open, and clicks the row with this text: not Enter, since what was used last may stand above it. */
export async function pick(page: Page, typed: string, row: string, timeout?: number): Promise<void> {
  await quickInput(page).fill(typed, { timeout });
  await rowWith(page, row).click({ timeout });
}

/** Runs a command of the palette and clicks a row of the picker that it opens. */
export const commandAndPick = (page: Page, title: string, typed: string, row: string): Promise<void> =>
  opened(page, 5, async () => {
    await runCommand(page, title);
    await pick(page, typed, row, 10_000);
  });

/** Answers, and waits until both sides are merged: it is said for some seconds only, and what was said before has gone by then. */
export async function mergedAfter(page: Page, answered: () => Promise<void>): Promise<void> {
  const said = page.locator('.statusbar-item', { hasText: 'Merged the file' });
  await said.waitFor({ state: 'hidden' });
  await Promise.all([said.waitFor(), answered()]);
}

/**
 * Saves the editor in front until this holds and nothing is unsaved, as a person does who sees that the tab says still or again
 * that it is: what is merged into a notebook may come after a save, and until then the file is newer than what would be saved.
 */
export async function saveUntil(page: Page, holds: () => boolean = () => true): Promise<void> {
  const unsaved = page.locator('.editor-group-container.active .tab.active.dirty');
  const done = async () => {
    if ((await unsaved.count()) === 0) return holds();
    await page.keyboard.press('Control+S');
    return false;
  };
  await expect.poll(done, { interval: 500 }).toBe(true);
}

/**
 * Clicks an action of a row of a tree until this shows: VS Code draws the rows anew whenever what their menus depend on changes, and
 * a row that is drawn anew between the press and the release of the button loses the click.
 */
export async function rowAction(row: Locator, label: string, shows: Locator): Promise<void> {
  for (let tries = 0; ; tries++) {
    await row.hover();
    await row.locator(`.action-label[aria-label="${label}"]`).click();
    try {
      return await shows.first().waitFor({ timeout: 30_000 });
    } catch (error) {
      if (tries === 2) throw error;
    }
  }
}

/** Chooses from the menu of a row; a window that has just opened does not know yet what extensions put into it. */
export const menuAction = (page: Page, row: Locator, label: string): Promise<void> =>
  opened(page, 20, async () => {
    await row.click({ button: 'right' });
    const item = page.locator('.monaco-menu .action-item', { hasText: label });
    await item.waitFor({ timeout: 3000 });
    // A menu ignores the button that opened it for a moment.
    await page.waitForTimeout(500);
    await item.click({ timeout: 3000 });
  });

/** Waits for the input box whose title or prompt says this. */
export async function inputBox(page: Page, says: string): Promise<Locator> {
  await page.locator('.quick-input-widget', { hasText: says }).waitFor();
  return quickInput(page);
}

/** Answers the file dialog with this title. It takes no Enter while it looks at the path that was typed, and does not say so. */
export async function answerFileDialog(page: Page, title: string, file: string): Promise<void> {
  const titled = page.locator('.quick-input-titlebar', { hasText: title });
  const dialog = page.locator('.quick-input-widget', { has: titled });
  await dialog.waitFor();
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  // It hides for a moment when it comes after a picker: it is answered only when it hides after an Enter.
  let answered = false;
  for (let tries = 0; !answered || (await dialog.isVisible()); tries++) {
    if (tries === 20) throw new Error(`The dialog '${title}' does not take ${file}.`);
    await dialog.waitFor();
    answered = (await quickInput(page).inputValue()) === file;
    if (answered) await page.keyboard.press('Enter');
    else await quickInput(page).fill(file);
    await dialog.waitFor({ state: 'hidden', timeout: 500 }).catch(() => {});
  }
}

/** The modal dialog that is shown. */
export const dialog = (page: Page): Locator => page.locator('.monaco-dialog-box');

/** Presses a button of the modal dialog. */
export async function answer(page: Page, button: string): Promise<void> {
  await dialog(page).locator('.monaco-button', { hasText: button }).first().click();
  await dialog(page).waitFor({ state: 'detached' });
}

/**
 * Drags with the mouse: the browser makes the drag's events itself. With Shift down the text under the mouse takes what is
 * dropped; without, the window would.
 */
export async function dragOnto(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover();
  await page.mouse.down();
  const box = await to.boundingBox();
  if (!box) throw new Error('There is nothing to drop onto.');
  const [x, y] = [box.x + Math.min(60, box.width / 2), box.y + box.height / 2];
  await page.keyboard.down('Shift');
  await page.mouse.move(x, y - 8, { steps: 10 });
  await page.mouse.move(x, y, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

/** The notification that says this. */
export const toast = (page: Page, text: string | RegExp): Locator =>
  page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
