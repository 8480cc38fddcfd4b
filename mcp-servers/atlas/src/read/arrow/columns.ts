import type { Batch as Columns } from '@bregma/readers/duck-batches';
import { type Batch, type DataType, Type } from '@uwdata/flechette';
import { isElsewhere } from '../parquet-exact.ts';
import { writerOf } from './words.ts';

/** How a column of Arrow comes into a table. */
export interface ArrowColumn {
  name: string;
  /** The type of its batches where it has no missing value; else it comes as text. */
  plain?: string;
  /** What it becomes. */
  stored: string;
  unit?: string;
  /** Said of it. */
  note?: string;
  /** The zone of its moments, where their clock differs from UTC. */
  zone?: string;
}

const wholes = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT'];
const units = ['s', 'ms', 'us', 'ns'];

/** What DuckDB has for a type of Arrow. */
export function columnOf(name: string, type: DataType): ArrowColumn {
  switch (type.typeId) {
    case Type.Int: {
      const stored = `${type.signed ? '' : 'U'}${wholes[Math.log2(type.bitWidth) - 3]}`;
      return { name, plain: stored, stored };
    }
    case Type.Float:
      return {
        name,
        plain: ['FLOAT', 'FLOAT', 'DOUBLE'][type.precision],
        stored: ['FLOAT', 'FLOAT', 'DOUBLE'][type.precision],
      };
    case Type.Bool:
      return { name, stored: 'BOOLEAN' };
    case Type.Date:
      return { name, stored: 'DATE' };
    case Type.Timestamp:
      return {
        name,
        stored: type.timezone ? 'TIMESTAMPTZ' : ['TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP', 'TIMESTAMP_NS'][type.unit],
        ...(type.timezone && type.unit === 3
          ? { stored: 'TIMESTAMP_NS', note: `nanoseconds of ${type.timezone} are moments of UTC without a zone` }
          : {}),
        ...(isElsewhere(type.timezone) && type.unit !== 3 ? { zone: type.timezone } : {}),
      };
    case Type.Time:
      return type.unit === 3
        ? { name, stored: 'VARCHAR', note: 'times of nanoseconds are text' }
        : { name, stored: 'TIME' };
    case Type.Duration:
      return { name, plain: 'BIGINT', stored: 'BIGINT', unit: units[type.unit] };
    case Type.Decimal:
      return type.precision <= 38 && type.scale >= 0 && type.scale <= type.precision
        ? { name, stored: `DECIMAL(${type.precision}, ${type.scale})` }
        : { name, stored: 'VARCHAR', note: `decimals of ${type.precision} digits are text` };
    case Type.Dictionary:
      return { ...columnOf(name, type.dictionary), plain: undefined };
    case Type.RunEndEncoded:
      return { ...columnOf(name, type.children[1].type), plain: undefined };
    case Type.Binary:
    case Type.LargeBinary:
    case Type.BinaryView:
    case Type.FixedSizeBinary:
      return { name, stored: 'BLOB' };
    case Type.List:
    case Type.LargeList:
    case Type.ListView:
    case Type.LargeListView:
    case Type.FixedSizeList: {
      const inner = columnOf(name, type.children[0].type);
      return inner.plain
        ? { name, stored: `${inner.stored}[]`, unit: inner.unit }
        : { name, stored: 'VARCHAR', note: 'lists of what is no number are JSON' };
    }
    case Type.Struct:
    case Type.Map:
    case Type.Union:
    case Type.Interval:
      return { name, stored: 'VARCHAR', note: 'nested values are JSON' };
    default:
      return { name, stored: 'VARCHAR' };
  }
}

/** The values of a batch as a table takes them: numbers of their own type where none can be missing, else texts that are cast. */
export function valuesOf(batch: Batch<unknown>, isPlain: boolean): Columns[number] {
  // SAFETY: where a column is plain, every batch has its numbers in `values`, see `checkBatch`; of Float16 they are converted.
  if (isPlain) return plainValues(batch);
  const write = writerOf(batch.type);
  return Array.from({ length: batch.length }, (_, i) => {
    const value = batch.at(i);
    return value === null ? null : write(value, batch, i);
  });
}

function plainValues(batch: Batch<unknown>): Exclude<Columns[number], unknown[]> {
  if (batch.type.typeId === Type.Float && batch.type.precision === 0)
    return Float32Array.from({ length: batch.length }, (_, i) => Number(batch.at(i)));
  // SAFETY: numbers lie in an array of their own type, which has at least as many as the batch, see `checkBatch`.
  return (batch.values as Exclude<Columns[number], unknown[]>).subarray(0, batch.length);
}
