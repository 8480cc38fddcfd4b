import path from 'node:path';
import type { Column } from '@bregma/core/contracts/dataset';
import { BregmaError } from '@bregma/core/errors';
import { loadArrow } from '../read/arrow/load.ts';
import { keepIdentifiers } from '../read/keep-identifiers.ts';
import { saidZone } from '../read/parquet-exact.ts';
import { applyOptions } from '../read/parquet-options.ts';
import { tableName } from '../read/table-name.ts';
import { parseTableOptions } from '../read/table-options.ts';
import type { FileFormat } from './format.ts';

/** Apache Arrow: the IPC file (Feather 2) and the stream, plain or packed by LZ4 or zstd. */
export const arrow: FileFormat = {
  name: 'arrow',
  title: 'Apache Arrow and Feather',
  extensions: ['.arrow', '.feather', '.arrows', '.ipc'],
  options: ['types', 'missing'],
  async read(file, options, kit) {
    const asked = parseTableOptions(options);
    const { columns, renamed } = await loadArrow(file, kit).catch((error: BregmaError) => {
      if (error instanceof BregmaError && error.code !== 'failed') throw error;
      throw new BregmaError('corrupt', `${path.basename(file)} is no readable Arrow file: ${error.message}`, {
        next: 'Copy the file again.',
      });
    });
    const { told, missing } = await applyOptions('incoming', file, asked, kit);
    const { query, warnings } = await keepIdentifiers('incoming', kit.duck, told);
    const units = Object.fromEntries(columns.map(({ name, unit }) => [name, { unit }]));
    const stored = await kit.duck.table(query, { name: tableName(file), columns: units });
    const table = {
      ...stored,
      columns: stored.columns.map((column): Column => ({ ...column, missing: missing[column.name] })),
    };
    const notes = columns.flatMap(({ name, note, zone }) => [
      ...(note ? [`Column ${name}: ${note}.`] : []),
      ...(zone ? [saidZone(name, zone)] : []),
    ]);
    return { shape: 'tables', tables: [table], arrays: [], warnings: [...renamed, ...notes, ...warnings] };
  },
};
