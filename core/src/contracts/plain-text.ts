/** Control and direction characters made visible, and long text cut: a displayed string cannot reorder or flood its surroundings. */
export function plain(value: unknown, most = 2000): string {
  const text = String(value ?? '');
  const cut = text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
  return cut.replace(hidden, (character) => `⟨${character.codePointAt(0)?.toString(16).padStart(4, '0')}⟩`);
}

/** A JSON value in which every text, names of members too, is as `plain` shows it, uncut. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plain(value, Number.POSITIVE_INFINITY);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [plain(name, Number.POSITIVE_INFINITY), plainValue(member)]),
  );
}

/**
 * JSON in which every control and direction character is written as its escape: read back it is the same value, and to the eye, a
 * terminal or a model none of them does anything. indent: as of JSON.stringify.
 */
export function plainJson(value: unknown, indent?: number): string {
  return plainJsonText(JSON.stringify(value, null, indent) ?? 'null');
}

/** The same of a text that is JSON already: read back it is the same value. */
export function plainJsonText(json: string): string {
  return json.replace(hiddenInJson, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

// Tabs and line breaks stand between values; inside a text JSON has escaped those below U+0020 already.
const hiddenInJson = hiddenBut('\\t\\n\\r');

const hidden = hiddenBut('\\t\\n');

/**
 * Controls; formatting characters (bidirectional, zero-width, tags); what Unicode has a renderer ignore (variation selectors, fillers,
 * joiners), which can carry a hidden text; separators of lines and paragraphs. A selector behind an emoji chooses its colours, and stays.
 */
function hiddenBut(kept: string): RegExp {
  return new RegExp(
    `(?![${kept}])(?!(?<=\\p{Extended_Pictographic})\\ufe0f)[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}\\u2028\\u2029]`,
    'gu',
  );
}

/** One short line of a text, for a title or a row: `plain`, white space joined, cut with an ellipsis. */
export function brief(value: unknown, most: number): string {
  const text = String(value ?? '')
    .slice(0, most + 100)
    .replace(/\s+/g, ' ')
    .trim();
  return plain(text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
}
