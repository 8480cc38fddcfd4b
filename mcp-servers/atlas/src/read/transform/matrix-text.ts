/** [3 × 4] of a text of 3 × 4 or 4 × 4 numbers between blanks or commas, or undefined where it is none. Lines with # say nothing. */
export function matrixIn(text: string): number[][] | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
  const rows = lines.map((line) =>
    line
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(Number),
  );
  if (rows.length < 3 || rows.length > 4 || !rows.every((row) => row.length === 4 && row.every(Number.isFinite)))
    return undefined;
  const last = rows[3] ?? [0, 0, 0, 1];
  // Another last row makes a projection.
  return last.every((value, at) => value === [0, 0, 0, 1][at]) ? rows.slice(0, 3) : undefined;
}
