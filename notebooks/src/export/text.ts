/** Text as HTML: no markup, and control and direction characters made visible. */
export const escapeHtml = (text: unknown): string =>
  visible(String(text ?? '')).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

// Controls but tab and newline; formatting characters: bidirectional overrides, zero-width characters, byte order mark.
const hidden = /(?![\t\n])[\p{Cc}\p{Cf}]/gu;

/** Characters that reorder or hide others, made visible. */
export const visible = (text: string): string =>
  text.replace(hidden, (character) => `⟨${character.codePointAt(0)?.toString(16).padStart(4, '0')}⟩`);

/** A text cut to `most` characters, which then says so. */
export const cutTo = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
