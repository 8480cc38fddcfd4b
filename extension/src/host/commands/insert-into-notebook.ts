import type { Command } from '../app.ts';
import type { Row } from '../catalogue/catalogue-tree.ts';

/** Puts cells over the chosen data sets, tables and twins into the notebook. */
export const insertIntoNotebook: Command = {
  async run(app, row, rows) {
    const { textOf } = await import('../catalogue/catalogue-tree.ts');
    const { insertCells } = await import('../catalogue/insert-cells.ts');
    // SAFETY: the trees are the only menus that offer this command; VS Code passes the row and the whole selection.
    const chosen = (Array.isArray(rows) ? rows : [row]) as Row[];
    const text = chosen.flatMap((one) => textOf(one) ?? []).join('\n');
    if (text) await insertCells(app, text);
  },
};
