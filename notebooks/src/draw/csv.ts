/** A table as CSV (RFC 4180), UTF-8, lines ended by \r\n. "Not measured" is an empty field; an empty text is quoted. */
export function csvOf(names: string[], rows: unknown[][]): string {
  return [names, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
