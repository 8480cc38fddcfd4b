import { closeSync, openSync, readSync } from 'node:fs';
import { BregmaError } from '@bregma/core/errors';
import { otherFile } from '../text/other-files.ts';

/** A part that tells what a zip archive is that is no XLSX. */
const otherZips: [part: string, what: string, next: string][] = [
  ['xl/workbook.bin', 'a binary workbook of Excel (XLSB)', 'Save it as .xlsx, or the sheet as CSV (UTF-8).'],
  ['content.xml', 'a document of OpenDocument (ODS)', 'Save it as .xlsx, or the sheet as CSV (UTF-8).'],
  ['Index/Document.iwa', 'a document of Numbers', 'Export it as Excel (.xlsx) or CSV.'],
  ['word/document.xml', 'a document of Word', 'Copy the table in it to a sheet and save that as .xlsx.'],
  ['ppt/presentation.xml', 'a presentation', 'Copy the table in it to a sheet and save that as .xlsx.'],
];

/** An error that says what a zip archive without a workbook in it is. has: whether it holds a part. */
export function zipOfOtherKind(has: (part: string) => boolean): Error {
  const found = otherZips.find(([part]) => has(part));
  if (!found) return new Error('it is a zip archive without a workbook inside');
  return new BregmaError('bad-input', `it is ${found[1]}`, { next: found[2] });
}

/** What a file is that is called a workbook and cannot be opened as one, by its first bytes, and what to do. */
export function insteadOfWorkbook(file: string): { what: string; next: string } | undefined {
  const head = firstBytes(file);
  if (head.length === 0) return { what: 'empty', next: 'Copy or save it again.' };
  if (head.subarray(0, 2).toString('latin1') === 'PK')
    return { what: 'cut off or damaged: it begins as a workbook does', next: 'Copy or download it again.' };
  // BIFF before it was kept in OLE2.
  if (head[0] === 9 && head[1] <= 8 && head[2] <= 8)
    return { what: 'a workbook of Excel before 2007', next: 'Save it as .xlsx, or the sheet as CSV (UTF-8).' };
  const other = otherFile(head);
  if (other?.what.startsWith('a web page'))
    return {
      ...other,
      next: 'If it holds the table, open it in a spreadsheet program and save it as .xlsx; else download the file itself.',
    };
  if (other) return other;
  // Instruments write text under the names of workbooks.
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (head.includes(0) && !wide) return undefined;
  return {
    what: `text that begins with ${JSON.stringify(firstLine(head))}`,
    next: 'Give it the ending .csv, or add it with format "csv".',
  };
}

function firstBytes(file: string): Buffer {
  const bytes = Buffer.alloc(512);
  const opened = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(opened, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(opened);
  }
}

const firstLine = (head: Buffer) =>
  head
    .toString('latin1')
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .split(/[\r\n]/)[0]
    .slice(0, 60);
