/** A field of CSV (RFC 4180), in quotes. */
export function quotedField(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
}

/** A field of CSV: "not measured" (null, undefined) is empty, an empty text is quoted, lists and objects are JSON. */
export function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || /[",\r\n]/.test(text) ? quotedField(text) : text;
}

/** A table as CSV (RFC 4180): its header and rows, lines ended by \r\n. */
export function csvOf(columns: readonly string[], rows: Iterable<readonly unknown[]>): string {
  const lines = [columns, ...rows].map((row) => row.map(csvField).join(','));
  return lines.map((line) => `${line}\r\n`).join('');
}
