import type { ExactArray } from '@bregma/core/contracts/dtypes';
import { type ElementType, eachOf, type Scalar, type Values } from './container.ts';

/** A column of a table: what DuckDB is given, and what it becomes. */
export interface FlatColumn {
  name: string;
  /** The type of the batches. */
  type: string;
  /** Another type in the table that is stored. */
  cast?: string;
  /** Words that the whole numbers of the column stand for, from 0; others stand for nothing. */
  words?: string[];
}

/** DuckDB's types of what is read. */
export const duckTypes: Record<Scalar, string> = {
  f4: 'FLOAT',
  f8: 'DOUBLE',
  i1: 'TINYINT',
  i2: 'SMALLINT',
  i4: 'INTEGER',
  i8: 'BIGINT',
  u1: 'UTINYINT',
  u2: 'USMALLINT',
  u4: 'UINTEGER',
  u8: 'UBIGINT',
  b1: 'UTINYINT',
  text: 'VARCHAR',
  reference: 'VARCHAR',
};

/** Elements of this many values become as many columns; longer ones are no columns. */
const mostInner = 64;

/** The columns that elements of a type become; fields and inner values get names of their own. Undefined: it can be no column. */
export function flatColumns(name: string, type: ElementType): FlatColumn[] | undefined {
  switch (type.kind) {
    case 'scalar':
      return [{ name, type: duckTypes[type.scalar], cast: type.scalar === 'b1' ? 'BOOLEAN' : undefined }];
    case 'enum':
      return [{ name, type: 'VARCHAR' }];
    case 'fields': {
      const columns = type.fields.map((field) => flatColumns(name ? `${name}_${field.name}` : field.name, field.type));
      return columns.every((one) => one !== undefined) ? columns.flat() : undefined;
    }
    case 'fixed': {
      const inner = type.shape.reduce((product, size) => product * size, 1);
      const one = flatColumns(name, type.of);
      if (inner > mostInner || one?.length !== 1) return undefined;
      return Array.from({ length: inner }, (_, i) => ({ ...one[0], name: `${name}_${i}` }));
    }
    default:
      return undefined;
  }
}

/** Values in the columns of `flatColumns`. */
export function flatValues(values: Values, type: ElementType): (ExactArray | (string | null)[])[] {
  switch (values.kind) {
    case 'numbers':
      if (type.kind !== 'enum') return [values.data];
      return [
        eachOf(values.data, (value) =>
          Object.hasOwn(type.names, String(value)) ? type.names[String(value)] : String(value),
        ),
      ];
    case 'texts':
      return [values.data];
    case 'fields':
      return Object.values(values.fields).flatMap((field, i) =>
        flatValues(field, type.kind === 'fields' ? type.fields[i].type : type),
      );
    case 'fixed': {
      const inner = values.shape.reduce((product, size) => product * size, 1);
      const [all] = flatValues(values.of, type.kind === 'fixed' ? type.of : type);
      return Array.from({ length: inner }, (_, i) =>
        Array.isArray(all) ? all.filter((_value, k) => k % inner === i) : every(all, inner, i),
      );
    }
    case 'lists':
      throw new Error('Lists are no column.');
  }
}

/** Every so many values, beginning with `from`. */
function every(values: ExactArray, step: number, from: number): ExactArray {
  const count = values.length / step;
  // SAFETY: every typed array has its own class as constructor, which takes a length.
  const out = new (values.constructor as { new (length: number): ExactArray })(count);
  for (let i = 0; i < count; i++) out[i] = values[from + i * step];
  return out;
}
