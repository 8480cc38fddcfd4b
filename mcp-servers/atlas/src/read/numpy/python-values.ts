/** Lines `name = value` of a file of Python, as text; nothing of it runs. Quotation marks around a value are left out. */
export function pythonValues(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line.trim()));
  return Object.fromEntries(
    lines.flatMap((found) => (found ? [[found[1], found[2].replace(/^[ruf]?(['"])(.*)\1$/, '$2')]] : [])),
  );
}
