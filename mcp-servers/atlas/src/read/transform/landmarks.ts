import { BregmaError } from '@bregma/core/errors';
import { identifier } from '@bregma/readers/sql-text';
import { fitAffine } from '../../domain/fit-affine.ts';
import type { FormatKit, Parts } from '../../formats/format.ts';
import { type Ends, storeTransform } from './store-transform.ts';

const habit = {
  from: ['from_x', 'from_y', 'from_z'],
  to: ['to_x', 'to_y', 'to_z'],
};

/** The six columns of coordinates. Throws `bad-input`. */
function columnsOf(given: unknown, own: string[], name: string): { from: string[]; to: string[] } {
  const named = typeof given === 'object' && given !== null ? { ...habit, ...given } : habit;
  const all: unknown[] = [named.from, named.to].flat();
  const strange = all.find((one) => typeof one !== 'string' || !own.includes(one));
  if (all.length !== 6 || strange !== undefined)
    throw new BregmaError('bad-input', `${name} has no column ${String(strange ?? all)}.`, {
      next: `Name the coordinates: options.columns {"from": ["x1", "y1", "z1"], "to": ["x2", "y2", "z2"]}. Its columns: ${own.slice(0, 20).join(', ')}.`,
    });
  return { from: named.from, to: named.to };
}

/** Fits an affine to the landmarks that were loaded as the table `landmarks`. name: of the file. Throws `bad-input`. */
export async function fitLandmarks(
  name: string,
  ends: Ends,
  options: Record<string, unknown>,
  kit: FormatKit,
): Promise<Parts> {
  if (options.error !== undefined)
    throw new BregmaError('bad-input', 'The error of a fit to landmarks is measured: each is left out once.', {
      next: 'Leave options.error out.',
    });
  const own = (await kit.duck.columns('landmarks')).map((column) => column.name);
  const columns = columnsOf(options.columns, own, name);
  const six = [...columns.from, ...columns.to].map((column) => `try_cast(${identifier(column)} AS DOUBLE)`);
  const rows = await kit.duck.rows(`SELECT ${six.map((sql, at) => `${sql} AS c${at}`).join(', ')} FROM landmarks`);
  const missing = rows.findIndex((row) => Object.values(row).some((value) => !Number.isFinite(value ?? Number.NaN)));
  if (missing >= 0)
    throw new BregmaError('bad-input', `Landmark ${missing + 1} of ${name} has no six numbers.`, {
      next: 'Mend it, or leave it out.',
    });
  const at = (row: Record<string, unknown>, first: number) => [0, 1, 2].map((axis) => Number(row[`c${first + axis}`]));
  const { matrix, residuals, leaveOneOut } = fitAffine(
    rows.map((row) => at(row, 0)),
    rows.map((row) => at(row, 3)),
  );
  const perMm = ends.to.unit === 'um' ? 1000 : 1;
  const errors = leaveOneOut.map((value) => value / perMm);
  const rms = Math.sqrt(errors.reduce((sum, value) => sum + value * value, 0) / errors.length);
  const parts = await storeTransform(
    {
      kind: 'affine',
      what: `affine fitted to ${rows.length} pairs of landmarks`,
      matrix,
      ...ends,
      error: {
        mm: rms,
        most: Math.max(...errors),
        of: `root mean square over ${rows.length} landmarks, each left out of the fit once`,
      },
    },
    kit,
  );
  await kit.duck.make('off', {
    row: Int32Array.from(rows, (_, row) => row),
    residual: residuals.map((value) => value / perMm),
    left_out: errors,
  });
  const landmarks = await kit.duck.table(
    'SELECT p.*, off.residual, off.left_out FROM landmarks p POSITIONAL JOIN off ORDER BY off.row',
    {
      name: 'landmarks',
      description: 'The pairs, and how far the fit is off at each.',
      columns: { residual: { unit: 'mm' }, left_out: { unit: 'mm', description: 'by the fit to all others' } },
    },
  );
  return { ...parts, tables: [...parts.tables, landmarks] };
}
