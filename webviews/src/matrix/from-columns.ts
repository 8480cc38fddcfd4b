import { BregmaError } from '@bregma/core/errors';
import { packed } from '../kit/pack.ts';
import { distinct, noteOf, quantityOf, type ViewForm } from '../kit/plot-form.ts';
import type { MatrixModel } from './model.ts';

export const matrix: ViewForm = {
  says: 'a value for each pair of row and column',
  members: {
    row: { is: 'column', needed: true, says: 'what a row is' },
    column: { is: 'column', needed: true, says: 'what a column is' },
    value: { is: 'column', needed: true, says: 'value of the cell' },
    absent: {
      is: 'word',
      oneOf: ['not measured', 'zero'],
      says: 'what a pair without a row means; default: not measured',
    },
    scale: { is: 'word', oneOf: ['linear', 'log', 'diverging'], says: 'of the colours' },
  },
  example: 'view: matrix\ndata: synapses\nrow: pre\ncolumn: post\nvalue: weight\nabsent: zero',
  draw(columns, { row, column, value, absent, scale }, caption): MatrixModel {
    const given = (name: string) => columns.words(name).map((word) => word || 'not given');
    const [down, across] = [given(String(row)), given(String(column))];
    const values = columns.numbers(String(value));
    const [rows, cols] = [distinct(down), distinct(across)];
    const [rowAt, columnAt] = [places(rows), places(cols)];
    const at = { row: new Int32Array(values.length), column: new Int32Array(values.length) };
    const seen = new Set<number>();
    for (let i = 0; i < values.length; i++) {
      at.row[i] = rowAt.get(down[i])!;
      at.column[i] = columnAt.get(across[i])!;
      const cell = at.row[i] * cols.length + at.column[i];
      if (seen.has(cell))
        throw new BregmaError('bad-input', `${row} ${down[i]} and ${column} ${across[i]} have more than one row.`, {
          next: `One cell has one value: SELECT ${row}, ${column}, avg(${value}) … GROUP BY ALL says which.`,
        });
      seen.add(cell);
    }
    return {
      ...caption,
      n: { count: values.reduce((n, one) => n + Number(!Number.isNaN(one)), 0), of: 'pairs' },
      rows: { of: String(row), names: rows },
      columns: { of: String(column), names: cols },
      value: quantityOf(String(value)),
      sparse: {
        row: packed(at.row, [values.length]),
        column: packed(at.column, [values.length]),
        values: packed(values, [values.length]),
        absent: absent === 'zero' ? 'zero' : 'not measured',
      },
      // SAFETY: the form of the view lets only these words in.
      scale: (scale as MatrixModel['scale']) ?? (values.some((one) => one < 0) ? 'diverging' : 'linear'),
      note: noteOf(columns.note),
    };
  },
};

const places = (names: string[]) => new Map(names.map((name, i) => [name, i]));
