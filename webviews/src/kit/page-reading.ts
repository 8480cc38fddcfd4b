/**
 * What a page shows, as one text: its elements with all their attributes, and what stands in them, without regard to white space. A
 * browser that reads the page and a program that reads its file come to the same text.
 */
export class PageReading {
  private readonly parts: string[] = [];

  element(name: string, attributes: [string, string][]): void {
    const sorted = [...attributes].sort(([a], [b]) => (a < b ? -1 : 1));
    this.parts.push(`<${name.toLowerCase()}${sorted.map(([key, value]) => ` ${key}="${quoted(value)}"`).join('')}>`);
  }

  text(text: string): void {
    const one = text.replace(/\s+/g, ' ').trim();
    if (one !== '') this.parts.push(quoted(one));
  }

  toString(): string {
    return this.parts.join('\n');
  }
}

const quoted = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replace(/\s+/g, ' ');

const tag = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>|<![^>]*>|([^<]+)/g;

/** The reading of HTML that notebooks are exported as: no comments, attributes in double quotes, every `<` of a text escaped. */
export function readingOfHtml(html: string): string {
  const reading = new PageReading();
  for (const [, closes, name, attributes, text] of html.matchAll(tag)) {
    if (text !== undefined) reading.text(unescaped(text));
    else if (name && !closes) reading.element(name, attributesOf(attributes));
  }
  return reading.toString();
}

const attributesOf = (text: string): [string, string][] =>
  [...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key.toLowerCase(), unescaped(value ?? '')]);

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** A text as HTML means it. */
const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code, name) =>
    code ? String.fromCodePoint(Number(code)) : named[name],
  );
