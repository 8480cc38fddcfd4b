/** Names of columns in SQL, which does not tell capitals: one that an earlier column has gets a number. */
export function uniqueNames(wanted: readonly string[]): string[] {
  const used = new Set<string>();
  /** Numbers that a repeated name has had: all below are taken. */
  const counted = new Map<string, number>();
  return wanted.map((wish) => {
    let name = wish;
    let number = counted.get(wish) ?? 0;
    while (used.has(name.toLowerCase())) name = `${wish}_${++number}`;
    counted.set(wish, number);
    used.add(name.toLowerCase());
    return name;
  });
}

/** Which columns have another name in SQL than in their file, as sentences. Both in the order of the columns. */
export function saidRenamed(inFile: readonly string[], inSql: readonly string[]): string[] {
  const renamed = inFile.flatMap((name, i) => (inSql[i] === name ? [] : [`${name || '(no name)'} is ${inSql[i]}`]));
  if (renamed.length === 0) return [];
  const more = renamed.length > 10 ? `, and ${renamed.length - 10} more` : '';
  return [`Names that are equal but for their case are one in SQL: column ${renamed.slice(0, 10).join(', ')}${more}.`];
}
