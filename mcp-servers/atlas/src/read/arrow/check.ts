import { type Batch, Type } from '@uwdata/flechette';

/** What is wrong with a batch, in words that follow its column, or undefined: lengths, offsets and places that lead out of it. */
export function wrongWith(batch: Batch<unknown>, rows = batch.length): string | undefined {
  const { length, nullCount, validity, values, offsets, sizes, children = [], type } = batch;
  if (!Number.isSafeInteger(length) || length < rows) return `has ${length} of ${rows} values`;
  if (nullCount > 0 && validity && validity.length * 8 < length) return 'does not say which values are missing';
  const needed = valuesPerElement(type.typeId, type);
  if (needed !== undefined && (values?.length ?? 0) < Math.ceil(length * needed))
    return `holds ${values?.length ?? 0} values where ${length} belong`;
  if (offsets && !sizes && type.typeId !== Type.Union) {
    const inside = children.length > 0 ? children[0].length : (values?.length ?? 0);
    const wrong = wrongOffsets(offsets, length, inside);
    if (wrong) return wrong;
  }
  if (type.typeId === Type.FixedSizeList && children[0].length < length * type.stride)
    return 'has lists that end early';
  const inner = type.typeId === Type.Struct ? length : undefined;
  for (const child of children) {
    const wrong = wrongWith(child, inner);
    if (wrong) return wrong;
  }
  return undefined;
}

function wrongOffsets(offsets: ArrayLike<number | bigint>, length: number, inside: number): string | undefined {
  if (length === 0) return undefined;
  if (offsets.length < length + 1) return 'has fewer ends than values';
  if (offsets[0] < 0 || offsets[length] > inside) return 'has ends that lead out of it';
  for (let i = 0; i < length; i++) if (offsets[i + 1] < offsets[i]) return `goes back at ${i} of its ends`;
  return undefined;
}

/** Elements of its array of values that one value of a type takes; undefined: it has none, or of any length. */
function valuesPerElement(typeId: number, type: Batch<unknown>['type']): number | undefined {
  switch (typeId) {
    case Type.Int:
    case Type.Float:
    case Type.Date:
    case Type.Time:
    case Type.Timestamp:
    case Type.Duration:
    case Type.Dictionary:
      return 1;
    case Type.Bool:
      return 1 / 8;
    case Type.Decimal:
      return type.typeId === Type.Decimal ? Math.max(1, type.bitWidth / 64) : undefined;
    case Type.FixedSizeBinary:
      return type.typeId === Type.FixedSizeBinary ? type.stride : undefined;
    case Type.Utf8View:
    case Type.BinaryView:
      return 16;
  }
  return undefined;
}
