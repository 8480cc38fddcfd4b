import { packed } from '../kit/pack.ts';
import { distinct, noteOf, quantityOf, type ViewForm } from '../kit/plot-form.ts';
import type { PointsModel } from './model.ts';

/** Values of a column that can be categories. */
const mostCategories = 400;
const lengths = ['µm', 'mm', 'nm'];

export const points: ViewForm = {
  says: 'each row a point, up to half a million',
  members: {
    x: { is: 'column', needed: true, says: 'across' },
    y: { is: 'column', needed: true, says: 'up' },
    colour: { is: 'column', says: 'a number, or a word such as the cell type' },
    name: { is: 'column', says: 'shown under the pointer' },
    id: { is: 'column', says: 'shown under the pointer' },
  },
  example: 'view: points\ndata: cells\nx: umap1\ny: umap2\ncolour: cell_type',
  draw(columns, { x, y, colour, name, id }, caption): PointsModel {
    const [across, up] = [columns.numbers(String(x)), columns.numbers(String(y))];
    const axes = { x: quantityOf(String(x)), y: quantityOf(String(y)) };
    let placed = 0;
    for (let i = 0; i < across.length; i++) if (!Number.isNaN(across[i] + up[i])) placed++;
    const lines = (column: string | number) => ({
      lines: columns
        .words(String(column))
        .map((word) => word.replace(/[\r\n]+/g, ' '))
        .join('\n'),
    });
    const coloured = colour === undefined ? {} : colours(String(colour));
    return {
      ...caption,
      n: { count: placed, of: 'points' },
      x: packed(across, [across.length]),
      y: packed(up, [up.length]),
      axes,
      equal: axes.x.unit === axes.y.unit && lengths.includes(axes.x.unit ?? ''),
      ...(name !== undefined && { names: lines(name) }),
      ...(id !== undefined && { ids: lines(id) }),
      ...coloured,
      note: noteOf(
        placed < columns.length && `${columns.length - placed} rows without a place are left out.`,
        colour !== undefined &&
          !('value' in coloured || 'category' in coloured) &&
          `${colour} has more than ${mostCategories} values and colours nothing.`,
        columns.note,
      ),
    };

    function colours(column: string): Pick<PointsModel, 'value' | 'category'> {
      if (columns.isNumeric(column)) {
        const values = columns.numbers(column);
        return { value: { ...quantityOf(column), values: packed(values, [values.length]) } };
      }
      const words = columns.words(column).map((word) => word || 'not given');
      const names = distinct(words);
      if (names.length > mostCategories) return {};
      const place = new Map(names.map((word, i) => [word, i]));
      const values = Uint16Array.from(words, (word) => place.get(word)!);
      return { category: { name: column, names, values: packed(values, [values.length]) } };
    }
  },
};
