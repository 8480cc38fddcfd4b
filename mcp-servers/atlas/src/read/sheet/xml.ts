/** A tag or the text between two tags. */
export interface XmlEvents {
  /** name: without its namespace; tag: all between < and >; closed: it ends itself. */
  open(name: string, tag: string, closed: boolean): void;
  close(name: string): void;
  text(text: string): void;
  /** tag: the document type that is declared, as far as its first >. */
  doctype(tag: string): void;
}

/** Longest tag, comment or CDATA: tags of a workbook have a few attributes, and what has no end would be looked through again with every piece. */
const longestTag = 1 << 16;

/** Reads the XML that programs write, in pieces. No entities but XML's own. Throws where it is cut off. */
export class XmlReader {
  private rest = '';
  private readonly events: XmlEvents;

  constructor(events: XmlEvents) {
    this.events = events;
  }

  push(piece: string): void {
    const text = this.rest === '' ? piece : this.rest + piece;
    let at = 0;
    for (;;) {
      const open = text.indexOf('<', at);
      if (open < 0) break;
      const end = tagEnd(text, open);
      if (end < 0) {
        if (text.length - open > longestTag) throw new Error('its XML has a tag without an end');
        break;
      }
      if (open > at) this.events.text(text.slice(at, open));
      this.tag(text, open, end);
      at = end;
    }
    this.rest = this.giveText(text, at);
  }

  /** Gives long text in pieces, so that it need not be held; what is kept may be the beginning of a tag or an entity. */
  private giveText(text: string, at: number): string {
    if (text.length - at < longestTag || text.indexOf('<', at) >= 0) return at === 0 ? text : text.slice(at);
    const entity = text.lastIndexOf('&');
    const end = entity > text.length - 16 && entity >= at ? entity : text.length;
    this.events.text(text.slice(at, end));
    return text.slice(end);
  }

  end(): void {
    if (this.rest.trim() !== '') throw new Error('its XML ends early');
  }

  private tag(text: string, open: number, end: number): void {
    const first = text.charCodeAt(open + 1);
    if (first === 0x3f) return; // <?xml …?>
    if (first === 0x21) {
      if (text.startsWith('<!DOCTYPE', open)) this.events.doctype(text.slice(open, end));
      if (text.startsWith('<![CDATA[', open)) this.events.text(text.slice(open + 9, end - 3).replaceAll('&', '&amp;'));
      return;
    }
    if (first === 0x2f) {
      this.events.close(localName(text, open + 2));
      return;
    }
    const closed = text.charCodeAt(end - 2) === 0x2f;
    this.events.open(localName(text, open + 1), text.slice(open, end), closed);
  }
}

/** The place after a tag, a comment or CDATA that begins at `open`; -1 when it is not whole. */
function tagEnd(text: string, open: number): number {
  const isPlain = text.charCodeAt(open + 1) !== 0x21;
  const until = isPlain
    ? '>'
    : text.startsWith('<!--', open)
      ? '-->'
      : text.startsWith('<![CDATA[', open)
        ? ']]>'
        : '>';
  const end = text.indexOf(until, open);
  return end < 0 ? -1 : end + until.length;
}

function localName(text: string, from: number): string {
  // Most tags of a sheet are one letter, which costs no string.
  if (isEnd(text.charCodeAt(from + 1))) return letters[text.charCodeAt(from) - 0x61] ?? text.slice(from, from + 1);
  let begin = from;
  for (let at = from; ; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) begin = at + 1;
    else if (isEnd(code)) return text.slice(begin, at);
  }
}

/** Whether no name goes on here. */
const isEnd = (code: number) => code === 0x3e || code === 0x2f || isBlank(code) || Number.isNaN(code);
const letters = [...'abcdefghijklmnopqrstuvwxyz'];

/** An attribute of a tag, unescaped, with or without the namespace before its name; undefined when it is not there. */
export function attribute(tag: string, name: string): string | undefined {
  for (let at = tag.indexOf('='); at > 0; ) {
    let open = at + 1;
    while (isBlank(tag.charCodeAt(open))) open++;
    const close = tag.indexOf(tag[open], open + 1);
    if (close < 0) return undefined;
    while (isBlank(tag.charCodeAt(at - 1))) at--;
    const before = at - name.length - 1;
    if (tag.startsWith(name, before + 1) && isBefore(tag.charCodeAt(before)))
      return resolveEntities(tag.slice(open + 1, close));
    at = tag.indexOf('=', close + 1);
  }
  return undefined;
}

const isBlank = (code: number) => code === 0x20 || (code >= 9 && code <= 13);
/** Whether a name begins behind this: a blank or the colon of a namespace. */
const isBefore = (code: number) => code === 0x3a || isBlank(code);

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text with XML's entities resolved. */
export function resolveEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
