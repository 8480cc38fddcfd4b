/** A member of anything: undefined where there is none, or nothing to have one. */
export function memberOf(value: unknown, name: PropertyKey): unknown {
  // SAFETY: any value but null and undefined can be asked for a member, and those two are passed over.
  return (value as Record<PropertyKey, unknown> | null | undefined)?.[name];
}

/** The names of a table that is written out in the code. */
export function keysOf<Table extends object>(table: Table): (keyof Table & string)[] {
  // SAFETY: such a table has the members of its type and no others.
  return Object.keys(table) as (keyof Table & string)[];
}
