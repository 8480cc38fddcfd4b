import { BregmaError } from '@bregma/core/errors';

/** A table of numbers without a header, as an array in C order; an empty cell and NaN are "not measured". Throws `corrupt` where rows differ in length or a cell is no number. */
export function readMatrix(text: string, name: string): { data: Float64Array; shape: [number, number] } {
  const rows = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const cells = rows.map((row) => (row.includes(',') ? row.split(',') : row.trim().split(/\s+/)));
  const width = cells[0]?.length ?? 0;
  const refuse = (what: string) =>
    new BregmaError('corrupt', `${name}: ${what}.`, { next: 'Copy the file again; nothing was added.' });
  if (width === 0) throw refuse('it is empty');
  const data = new Float64Array(rows.length * width);
  cells.forEach((row, i) => {
    if (row.length !== width) throw refuse(`row ${i + 1} has ${row.length} cells, the first has ${width}`);
    row.forEach((cell, j) => {
      const written = cell.trim();
      const value = written === '' || /^nan$/i.test(written) ? Number.NaN : Number(written);
      if (Number.isNaN(value) && written !== '' && !/^nan$/i.test(written))
        throw refuse(`row ${i + 1} holds '${written.slice(0, 40)}'`);
      data[i * width + j] = value;
    });
  });
  return { data, shape: [rows.length, width] };
}
