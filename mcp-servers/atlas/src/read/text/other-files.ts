import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';

/** How files begin that are no tables although they are called so, what they are, and what to do. */
const otherFiles: [begin: RegExp, what: string, next: string][] = [
  [/^(ÿþ\0\0|\0\0þÿ)/, 'UTF-32', 'Save it as UTF-8.'],
  [
    /^ÐÏ.à/,
    'a workbook of Excel before 2007, or an encrypted one',
    'Save the sheet as XLSX without a password, or as CSV (UTF-8).',
  ],
  [/^SQLite format 3/, 'an SQLite database', 'Export its tables as CSV or Parquet.'],
  [/^\u0089HDF\r\n/, 'an HDF5 file', 'Give it its own ending (.h5, .nwb, .h5ad).'],
  [/^PAR1/, 'a Parquet file', 'Give it its own ending (.parquet).'],
  [/^%PDF-/, 'a PDF', 'Save the table in it as CSV.'],
  [/^\{\\rtf/, 'a text document (RTF)', 'Save it as plain text.'],
  [/^PK[^\w\s,;]{2}/, 'a zip archive', 'Unpack it; a workbook is read when its name ends in .xlsx.'],
  [
    /^\s*<\?xml[^>]*>[\s\S]{0,300}(progid="Excel\.Sheet"|<(ss:)?Workbook\b)/,
    'an XML workbook of Excel 2003',
    'Save it as .xlsx, or the sheet as CSV (UTF-8).',
  ],
  [
    /^\s*<(!doctype html|html|head|body|table|meta)\b/i,
    'a web page, perhaps of a failed download',
    'Download the file itself.',
  ],
  [/^version https:\/\/git-lfs\./, 'a pointer of Git LFS in place of the file', 'Fetch the file: git lfs pull.'],
  [/^\s*(\{\s*"|\[\s*[[{])/, 'JSON', 'Save it as CSV or Parquet: pandas.read_json(…).to_parquet(…).'],
];

/** What a file is that begins as something that is no table of text, and what to do; undefined where it begins as none of these. */
export function otherFile(head: Buffer): { what: string; next: string } | undefined {
  const begin = head
    .subarray(0, 400)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '');
  const found = otherFiles.find(([pattern]) => pattern.test(begin));
  return found && { what: found[1], next: found[2] };
}

/** Throws `bad-input` when a file begins as something that is no table of text. */
export function refuseOther(head: Buffer, file: string): void {
  const found = otherFile(head);
  if (found) throw new BregmaError('bad-input', `${path.basename(file)} is ${found.what}.`, { next: found.next });
}
