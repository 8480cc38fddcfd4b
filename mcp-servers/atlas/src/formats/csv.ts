import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';
import { identifier, literal, readFileSql } from '../read/duck.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat, FormatKit } from './format.ts';

/** Integers beyond this do not survive as numbers in JSON. */
const largestExact = '9007199254740991';

/** Comma- or tab-separated text, also gzipped. */
export const csv: FileFormat = {
  name: 'csv',
  title: 'Comma- or tab-separated text',
  extensions: ['.csv', '.tsv', '.txt', '.csv.gz', '.tsv.gz', '.txt.gz'],
  options: ['delimiter', 'header'],
  async read(file, options, kit) {
    const header = await readHeader(file);
    const name = tableName(file);
    const delimiter = typeof options.delimiter === 'string' ? options.delimiter : delimiterOf(header);
    const settings = [
      'sample_size = -1',
      // Nothing is skipped on a guess: a line that does not fit is an error, not a title or a comment.
      'strict_mode = true',
      'skip = 0',
      "comment = ''",
      'ignore_errors = false',
      `delim = ${literal(delimiter)}`,
      ...(typeof options.header === 'boolean' ? [`header = ${options.header}`] : []),
    ];
    const { query, warnings } = await readText(file, settings, kit).catch((error: BregmaError) => {
      throw new BregmaError('bad-input', `${path.basename(file)}: ${error.message}`, { next: error.next });
    });
    return { shape: 'tables', tables: [await kit.duck.table(query, { name })], arrays: [], warnings };
  },
};

/**
 * A query that reads delimited text with the types that its values have. A column of whole numbers some of which no 64-bit
 * integer holds, or that are mixed with NaN, would become floating point and lose digits: it is read again as text.
 */
export async function readText(
  file: string,
  settings: string[],
  kit: FormatKit,
): Promise<{ query: string; warnings: string[] }> {
  const load = (...more: string[]) =>
    kit.duck.run(`CREATE OR REPLACE TABLE incoming AS SELECT * FROM ${readFileSql('csv', file, ...settings, ...more)}`);
  const some = async (condition: string) => {
    const [{ found }] = await kit.duck.rows(`SELECT count(*)::INTEGER AS found FROM incoming WHERE ${condition}`);
    return Number(found) > 0;
  };
  await load();
  const columns = await kit.duck.rows('DESCRIBE incoming');
  const rounded = new Set<string>();
  for (const { column_name, column_type } of columns) {
    const column = identifier(String(column_name));
    if (column_type === 'DOUBLE' && (await some(`isfinite(${column}) AND abs(${column}) > ${largestExact}`)))
      rounded.add(String(column_name));
  }
  const warnings: string[] = [];
  if (rounded.size > 0) {
    const types = columns.map(({ column_name, column_type }) =>
      literal(rounded.has(String(column_name)) ? 'VARCHAR' : String(column_type)),
    );
    await load(`types = [${types.join(', ')}]`);
    for (const name of rounded) {
      if (await some(`regexp_full_match(trim(${identifier(name)}), '[+-]?\\d{16,}')`)) warnings.push(keptAsText(name));
      else await kit.duck.run(`ALTER TABLE incoming ALTER ${identifier(name)} TYPE DOUBLE`);
    }
  }
  const kept = await keepIdentifiers('incoming', kit);
  return { query: kept.query, warnings: [...warnings, ...kept.warnings] };
}

const keptAsText = (name: string) =>
  `Column ${name} holds 64-bit integers: it is kept as text, so that no digit is lost.`;

/** A query that reads 64-bit integer columns as text when their values do not fit a double. */
export async function keepIdentifiers(table: string, kit: FormatKit): Promise<{ query: string; warnings: string[] }> {
  const columns = await kit.duck.rows(`DESCRIBE ${table}`);
  const wide: string[] = [];
  for (const { column_name, column_type } of columns) {
    if (!/^(U?BIGINT|U?HUGEINT)$/.test(String(column_type))) continue;
    const column = identifier(String(column_name));
    const [{ big }] = await kit.duck.rows(
      `SELECT count(*)::INTEGER AS big FROM ${table} WHERE ${column} > ${largestExact} OR ${column} < -${largestExact}`,
    );
    if (Number(big) > 0) wide.push(String(column_name));
  }
  if (wide.length === 0) return { query: `SELECT * FROM ${table}`, warnings: [] };
  const replaced = wide.map((name) => `${identifier(name)}::VARCHAR AS ${identifier(name)}`).join(', ');
  return {
    query: `SELECT * REPLACE (${replaced}) FROM ${table}`,
    warnings: wide.map(keptAsText),
  };
}

/** The one of tab, comma, semicolon, bar and blank that the header has most of; a comma when it has none. */
function delimiterOf(header: string): string {
  const counts = ['\t', ',', ';', '|', ' '].map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length - 1,
  }));
  const [first] = counts.filter(({ delimiter }) => delimiter !== ' ').sort((a, b) => b.count - a.count);
  if (first.count > 0) return first.delimiter;
  return header.includes(' ') ? ' ' : ',';
}

/** Throws `corrupt` when a text file, or the gzip around it, ends early, and `bad-input` when it is empty or no text. */
export async function checkText(file: string): Promise<void> {
  await readHeader(file);
}

/** The first line. Throws when text holds NUL bytes: a binary file under a text file's name. */
async function readHeader(file: string): Promise<string> {
  const raw = createReadStream(file);
  const text = file.toLowerCase().endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  let line = 1;
  let header = '';
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      const at = chunk.indexOf(0);
      if (line === 1) header += chunk.toString('utf8').split('\n')[0];
      for (const byte of at >= 0 ? chunk.subarray(0, at) : chunk) if (byte === 10) line++;
      if (at < 0) continue;
      throw new BregmaError('bad-input', `${path.basename(file)} is no text: there is a NUL byte in line ${line}.`, {
        next: 'Name the format with format.',
      });
    }
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw new BregmaError(
      'corrupt',
      `${path.basename(file)} cannot be read: ${error instanceof Error ? error.message : error}.`,
      { next: 'Copy the file again.' },
    );
  } finally {
    raw.destroy();
  }
  if (header.trim() === '')
    throw new BregmaError('bad-input', `${path.basename(file)} is empty, or its first line is.`, {
      next: 'Begin the file with the names of its columns.',
    });
  return header;
}
