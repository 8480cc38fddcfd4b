/** How records are told apart and cut into values. separator: one character, 'blanks' for runs of them, '' for one column. */
export interface Dialect {
  separator: string;
  /** The quotation mark, doubled inside quotes; '' where there is none. */
  quote: string;
  /** Inside quotes a backslash makes a quotation mark, or a backslash, behind it a character of the value; not where it is absent. */
  escape?: '\\';
  /** Lines that begin with it are no records; '' where there are none. */
  comment: string;
}

/** A row of a text table, before its fields have types. */
export interface TextRecord {
  /** The line of the file on which it begins, counted from 1. */
  line: number;
  fields: string[];
}

/** What is wrong with the quotes of a record, and where. */
export interface Flaw {
  line: number;
  /** Counted from 1, in characters. */
  column: number;
  what: 'after-quote' | 'unclosed';
  /** A backslash stands before the mark that closes too early. */
  escaped?: boolean;
}

const [tab, lineFeed, carriageReturn, blank] = [9, 10, 13, 32];

/**
 * Cuts text that comes in pieces into records. All three line ends count, also mixed; a quote counts at the beginning of a value
 * alone, blanks before it are left out. A blank line is a record without fields.
 */
export class RecordCutter {
  readonly comments: { line: number; text: string }[] = [];
  flaw: Flaw | undefined;
  private rest = '';
  private line = 1;
  private readonly dialect: Dialect;

  constructor(dialect: Dialect, firstLine = 1) {
    this.dialect = dialect;
    this.line = firstLine;
  }

  /** The line on which the next record begins. */
  get nextLine(): number {
    return this.line;
  }

  /** The records that are whole after this piece. */
  push(piece: string): TextRecord[] {
    this.rest += piece;
    return this.cut(false);
  }

  /** The last records. */
  end(): TextRecord[] {
    return this.cut(true);
  }

  private cut(last: boolean): TextRecord[] {
    const text = this.rest;
    const records: TextRecord[] = [];
    let at = 0;
    while (at < text.length && !this.flaw) {
      const next = this.one(text, at, last, records);
      if (next < 0) break;
      at = next;
    }
    this.rest = text.slice(at);
    return records;
  }

  /** Reads one record at `from`; the place after it, or -1 when it is not whole. */
  private one(text: string, from: number, last: boolean, records: TextRecord[]): number {
    const { comment, separator } = this.dialect;
    if (comment !== '' && text.startsWith(comment, from)) return this.skipComment(text, from, last);
    const begun = this.line;
    const fields: string[] = [];
    const blanks = separator === 'blanks';
    let lines = 0;
    let at = blanks ? pastBlanks(text, from) : from;
    for (;;) {
      const field = this.field(text, at, last, begun + lines, from);
      if (!field) return -1;
      lines += field.lines;
      at = field.end;
      const code = at < text.length ? text.charCodeAt(at) : -1;
      if (code === -1 && !last) return -1;
      if (blanks && isBlank(code)) {
        at = pastBlanks(text, at);
        fields.push(field.value);
        if (at < text.length && text.charCodeAt(at) !== lineFeed && text.charCodeAt(at) !== carriageReturn) continue;
        if (at >= text.length && !last) return -1;
      } else {
        fields.push(field.value);
        if (code !== -1 && code !== lineFeed && code !== carriageReturn) {
          at++;
          continue;
        }
      }
      const end = lineEnd(text, at, last);
      if (end < 0) return -1;
      this.line = begun + lines + 1;
      const empty = fields.length === 1 && at === from;
      records.push({ line: begun, fields: empty || (blanks && fields.length === 1 && fields[0] === '') ? [] : fields });
      return end;
    }
  }

  private field(text: string, from: number, last: boolean, line: number, recordAt: number) {
    const { quote, separator } = this.dialect;
    if (quote !== '') {
      const open = separator === '\t' ? from : pastBlanks(text, from);
      if (text[open] === quote) return this.quoted(text, open, last, line, recordAt);
    }
    let at = from;
    const stop = separator.length === 1 ? separator.charCodeAt(0) : -2;
    const blanks = separator === 'blanks';
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === stop || code === lineFeed || code === carriageReturn || (blanks && isBlank(code))) break;
    }
    return { value: text.slice(from, at), end: at, lines: 0 };
  }

  private quoted(text: string, open: number, last: boolean, line: number, recordAt: number) {
    const { quote, separator, escape: backslash } = this.dialect;
    let value = '';
    let at = open + 1;
    for (;;) {
      const close = text.indexOf(quote, at);
      const escaped = backslash === undefined ? -1 : text.indexOf(backslash, at);
      if (escaped >= 0 && escaped < close) {
        const isOne = text[escaped + 1] === quote || text[escaped + 1] === backslash;
        value += text.slice(at, isOne ? escaped : escaped + 1) + (isOne ? text[escaped + 1] : '');
        at = escaped + (isOne ? 2 : 1);
        continue;
      }
      if (close < 0 || (close + 1 >= text.length && !last)) {
        if (last && close < 0) this.flaw = { line, column: open - recordAt + 1, what: 'unclosed' };
        return undefined;
      }
      value += text.slice(at, close);
      if (text[close + 1] === quote) {
        value += quote;
        at = close + 2;
        continue;
      }
      let end = close + 1;
      if (separator !== 'blanks' && separator !== ' ')
        while (end < text.length && text[end] !== separator && isBlank(text.charCodeAt(end))) end++;
      const code = text.charCodeAt(end);
      const ends = end >= text.length || code === lineFeed || code === carriageReturn;
      if (!ends && text[end] !== separator && !(separator === 'blanks' && isBlank(code))) {
        const column = end - recordAt + 1;
        this.flaw = { line, column, what: 'after-quote', escaped: text[close - 1] === '\\' };
        return undefined;
      }
      return { value, end, lines: linesIn(value) };
    }
  }

  private skipComment(text: string, from: number, last: boolean): number {
    let at = from;
    while (at < text.length && text.charCodeAt(at) !== lineFeed && text.charCodeAt(at) !== carriageReturn) at++;
    if (at >= text.length && !last) return -1;
    const end = lineEnd(text, at, last);
    if (end < 0) return -1;
    if (this.comments.length < 50) this.comments.push({ line: this.line, text: text.slice(from, at) });
    this.line++;
    return end;
  }
}

/** All records of a text. */
export function cutAll(text: string, dialect: Dialect, firstLine = 1): { records: TextRecord[]; flaw?: Flaw } {
  const cutter = new RecordCutter(dialect, firstLine);
  const records = [...cutter.push(text), ...cutter.end()];
  return { records, flaw: cutter.flaw };
}

const isBlank = (code: number) => code === blank || code === tab;

function pastBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** The place after a line end at `at`; -1 when a line feed may still follow. */
function lineEnd(text: string, at: number, last: boolean): number {
  if (at >= text.length) return at;
  if (text.charCodeAt(at) === lineFeed) return at + 1;
  if (at + 1 >= text.length && !last) return -1;
  return text.charCodeAt(at + 1) === lineFeed ? at + 2 : at + 1;
}

function linesIn(value: string): number {
  let lines = 0;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === lineFeed || (code === carriageReturn && value.charCodeAt(i + 1) !== lineFeed)) lines++;
  }
  return lines;
}
