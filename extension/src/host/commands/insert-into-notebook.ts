import type { Command } from '../app.ts';
import type { Row } from '../catalogue/catalogue-tree.ts';

/** Puts cells over the chosen data sets and tables into the notebook. */
export const insertIntoNotebook: Command = {
  id: 'bregma.insertIntoNotebook',
  async run(_, row, rows) {
    const { textOf } = await import('../catalogue/catalogue-tree.ts');
    const { insertCell } = await import('../catalogue/insert-cell.ts');
    // SAFETY: the trees are the only menus that offer this command; VS Code passes the row and the whole selection.
    const chosen = (Array.isArray(rows) ? rows : [row]) as Row[];
    for (const one of chosen) {
      const text = textOf(one);
      if (text) await insertCell(text);
    }
  },
};
