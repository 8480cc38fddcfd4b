import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError, unknownName } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import type { FileFormat } from '../formats/format.ts';
import { formats } from '../formats/index.gen.ts';
import { registry } from './registry.ts';

/**
 * The format of a file or folder: that of its name, else the one whose ending it has, the longest first, else the one that knows the
 * folder by what lies in it. source: as it was named; file: absolute. Throws `missing`, `bad-input`, `unknown-name`.
 */
export function chooseFormat(source: string, file: string, name: string | undefined): FileFormat {
  if (name !== undefined) {
    const found = formats.find((format) => format.name === name);
    if (!found)
      throw unknownName(
        'format',
        name,
        nearest(
          name,
          formats.map((format) => format.name),
        ),
        `Formats: ${formats.map((format) => format.name).join(', ')}.`,
      );
    if (found.extensions.length > 0) mustExist(source, file);
    return found;
  }
  mustExist(source, file);
  const lower = file.toLowerCase();
  const endings = formats.flatMap((format) => format.extensions.map((extension) => ({ format, extension })));
  const fitting = endings.filter(({ extension }) => lower.endsWith(extension));
  // The longest: `.annot.gii` is no `.gii` alone.
  const [found] = fitting.sort((a, b) => b.extension.length - a.extension.length);
  if (found) return found.format;
  if (statSync(file).isDirectory()) {
    const names = readdirSync(file);
    const known = formats.find(({ isFolder }) => isFolder?.(names));
    if (known) return known;
  }
  const other = notRead.find(([ending]) => ending.test(lower));
  if (other)
    throw new BregmaError('bad-input', `${path.basename(file)} is ${other[1]}, which is not read.`, { next: other[2] });
  throw new BregmaError('bad-input', `The format of ${path.basename(file)} is not known by its name.`, {
    next: `Name it with format: ${formats.map((format) => format.name).join(', ')}.`,
  });
}

const saveSheet = 'Save the sheet as XLSX, or as CSV (UTF-8), and add that file.';
/** What people have that is not read, and what to do. */
const notRead: [ending: RegExp, what: string, next: string][] = [
  [/\.xlsb$/, 'a binary workbook of Excel', saveSheet],
  [/\.(ods|numbers)$/, 'a workbook of another program', saveSheet],
  [/\.(rds|rda|rdata)$/, 'a file of R', 'Write its tables with arrow::write_parquet or write.csv.'],
  [/\.(pkl|pickle)$/, 'a pickle of Python', 'Write its tables with to_parquet, its arrays with numpy.save.'],
  [/\.(sav|dta|sas7bdat)$/, 'a file of SPSS, Stata or SAS', 'Export its table as CSV (UTF-8).'],
  [/\.jsonl$/, 'JSON', 'Save it as CSV or Parquet: pandas.read_json(…).to_parquet(…).'],
];

/** The name of the generator that a source names, or undefined. */
export const generatorOf = (source: string) =>
  formats.find(({ name, extensions, kind }) => name === source && extensions.length === 0 && kind === 'synthetic')
    ?.name;

function mustExist(source: string, file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat && !stat.isFile() && !stat.isDirectory())
    throw new BregmaError('bad-input', `${path.basename(file)} is no regular file.`, {
      next: 'Give a file or folder; pipes and devices are not read.',
    });
  if (stat) return;
  const near = nearest(
    source,
    registry.map((entry) => entry.id),
  );
  throw new BregmaError(
    'missing',
    `'${source.slice(0, 200)}' is neither a registered data set nor a file at ${file}.${near.length > 0 ? ` Did you mean ${near.join(', ')}?` : ''}`,
    {
      next: 'Call find_data for registered data; paths start at the workspace.',
    },
  );
}
