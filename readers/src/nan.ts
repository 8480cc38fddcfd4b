import { identifier } from './sql-text.ts';

/** SQL about the NaN of a value: how many it holds, and the value with NULL in place of them. */
export interface NaNSql {
  /** A whole number; NULL where the value is. */
  count: string;
  value: string;
}

/**
 * SQL for the NaN of a value of one of DuckDB's types, at any depth of lists, structures and maps; undefined where the type holds no
 * floating point. sql: the value.
 */
export function nanSql(type: string, sql: string, depth = 0): NaNSql | undefined {
  if (type === 'DOUBLE' || type === 'FLOAT')
    return { count: `isnan(${sql})::INTEGER`, value: `CASE WHEN isnan(${sql}) THEN NULL ELSE ${sql} END` };
  const element = /^(.*)\[\d*\]$/s.exec(type)?.[1];
  const item = `e${depth}`;
  if (element !== undefined) {
    const inside = nanSql(element, item, depth + 1);
    // An array of a fixed length is a list as soon as it is changed: Parquet knows no other.
    const list = `${sql}::${element}[]`;
    return (
      inside && {
        count: `list_sum(list_transform(${list}, lambda ${item}: ${inside.count}))`,
        value: `list_transform(${list}, lambda ${item}: ${inside.value})`,
      }
    );
  }
  const map = /^MAP\((.*)\)$/s.exec(type)?.[1];
  if (map !== undefined) {
    const [, valueType] = partsOf(map);
    const inside = nanSql(valueType, `${item}.value`, depth + 1);
    return (
      inside && {
        count: `list_sum(list_transform(map_entries(${sql}), lambda ${item}: ${inside.count}))`,
        value: `map_from_entries(list_transform(map_entries(${sql}), lambda ${item}: {'key': ${item}.key, 'value': ${inside.value}}))`,
      }
    );
  }
  const fields = /^STRUCT\((.*)\)$/s.exec(type)?.[1];
  return fields === undefined ? undefined : ofStruct(partsOf(fields).map(fieldOf), sql, depth);
}

function ofStruct(fields: { name: string; type: string }[], sql: string, depth: number): NaNSql | undefined {
  const parts = fields.map(({ name, type }) => ({
    name,
    sql: `(${sql}).${name}`,
    inside: nanSql(type, `(${sql}).${name}`, depth),
  }));
  const floating = parts.flatMap(({ inside }) => inside ?? []);
  if (floating.length === 0) return undefined;
  return {
    count: floating.map(({ count }) => `coalesce(${count}, 0)`).join(' + '),
    value: `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${parts.map(({ name, sql: own, inside }) => `${name} := ${inside?.value ?? own}`).join(', ')}) END`,
  };
}

/** The name of a field as it stands in the type, quoted where SQL needs it, and its type. */
function fieldOf(text: string): { name: string; type: string } {
  const quoted = /^"(?:[^"]|"")*"/.exec(text)?.[0];
  const name = quoted ?? text.slice(0, text.indexOf(' '));
  return { name: quoted ?? identifier(name), type: text.slice(name.length + 1) };
}

/** The parts of a list in a type, parted by commas outside brackets and quotation marks. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let [depth, from, quoted] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '(') depth++;
    else if (sign === ')') depth--;
    else if (sign === ',' && depth === 0) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}
