/** Control and direction characters made visible, and long text cut: a displayed string cannot reorder or flood its surroundings. */
export function plain(value: unknown, most = 2000): string {
  const text = String(value ?? '');
  const cut = text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
  return cut.replace(hidden, (character) => `⟨${character.codePointAt(0)?.toString(16).padStart(4, '0')}⟩`);
}

// Controls but tab and newline; formatting characters: bidirectional overrides, zero-width characters, byte order mark.
const hidden = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;

/** One short line of a text, for a title or a row: `plain`, white space joined, cut with an ellipsis. */
export function brief(value: unknown, most: number): string {
  const text = String(value ?? '')
    .slice(0, most + 100)
    .replace(/\s+/g, ' ')
    .trim();
  return plain(text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);
}
