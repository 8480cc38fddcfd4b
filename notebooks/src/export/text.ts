import { plain } from '@bregma/core/contracts/plain-text';

/** Text as HTML: no markup, and control and direction characters made visible. */
export const escapeHtml = (text: unknown): string =>
  visible(String(text ?? '')).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Characters that reorder or hide others, made visible. */
export const visible = (text: string): string => plain(text, Number.POSITIVE_INFINITY);

/** A text cut to `most` characters, which then says so. */
export const cutTo = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
