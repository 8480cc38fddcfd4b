import { isUtf8 } from 'node:buffer';

/** What a file holds besides what a plain one does: UTF-8, one line end, and rows of one width. */
export interface Survey {
  /** Rows after the lines that were skipped. */
  rows: number;
  blankLines: number;
  /** Rows go on after a blank line. */
  goesOn: boolean;
  lineEnd: 'lf' | 'crlf' | 'none' | 'mixed';
  utf8: boolean;
  /** The first line with a NUL byte. */
  nulLine?: number;
  /** Every row has the width, quotes are where they belong, and the last one is closed. */
  even: boolean;
}

const [lineFeed, carriageReturn, blank, tab] = [10, 13, 32, 9];
/** Where the reading of a row is. */
const [begin, inside, quoted, closed] = [0, 1, 2, 3];

/** Looks through all bytes of a file once. separator, quote: byte values, -1 for none; width: values of a row; skip: lines before the rows. */
export class Surveyor {
  private state = begin;
  private toSkip: number;
  private line = 1;
  private fields = 1;
  private rowBytes = 0;
  private sawReturn = false;
  private ends = { lf: 0, crlf: 0 };
  private carry = Buffer.alloc(0);
  private readonly survey: Survey = { rows: 0, blankLines: 0, goesOn: false, lineEnd: 'none', utf8: true, even: true };
  private readonly dialect: { separator: number; quote: number; width: number };

  constructor(dialect: { separator: number; quote: number; width: number; skip: number }) {
    this.dialect = dialect;
    this.toSkip = dialect.skip;
  }

  push(chunk: Buffer): void {
    this.checkUtf8(chunk);
    if (this.survey.nulLine === undefined && chunk.includes(0)) this.survey.nulLine = this.nulLine(chunk);
    this.scan(chunk, this.pastSkipped(chunk));
  }

  end(): Survey {
    const { survey, carry } = this;
    if (carry.length > 0 && !isUtf8(carry)) survey.utf8 = false;
    if (this.state === quoted) survey.even = false;
    if (this.rowBytes > 0 || this.fields > 1) this.endRow();
    if (this.sawReturn) survey.even = false;
    const { lf, crlf } = this.ends;
    survey.lineEnd = lf > 0 && crlf > 0 ? 'mixed' : crlf > 0 ? 'crlf' : lf > 0 ? 'lf' : 'none';
    return survey;
  }

  private checkUtf8(chunk: Buffer): void {
    if (!this.survey.utf8) return;
    const bytes = this.carry.length > 0 ? Buffer.concat([this.carry, chunk]) : chunk;
    let cut = 0;
    for (let back = 1; back <= Math.min(3, bytes.length); back++) {
      const byte = bytes[bytes.length - back];
      if ((byte & 0xc0) === 0x80) continue;
      if (byte >= 0xc0) cut = back;
      break;
    }
    this.survey.utf8 = isUtf8(bytes.subarray(0, bytes.length - cut));
    this.carry = Buffer.from(bytes.subarray(bytes.length - cut));
  }

  private nulLine(chunk: Buffer): number {
    let line = this.line;
    for (const byte of chunk.subarray(0, chunk.indexOf(0))) if (byte === lineFeed) line++;
    return line;
  }

  /** Where the rows begin in this chunk. */
  private pastSkipped(chunk: Buffer): number {
    let at = 0;
    while (this.toSkip > 0) {
      const end = chunk.indexOf(lineFeed, at);
      if (end < 0) return chunk.length;
      if (end > 0 ? chunk[end - 1] === carriageReturn : this.sawReturn) this.ends.crlf++;
      else this.ends.lf++;
      at = end + 1;
      this.line++;
      this.toSkip--;
    }
    return at;
  }

  private scan(chunk: Buffer, from: number): void {
    const { separator, quote } = this.dialect;
    let { state, fields, rowBytes, sawReturn } = this;
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i];
      if (state === quoted) {
        if (byte === quote) state = closed;
        else if (byte === lineFeed) this.line++;
        rowBytes++;
      } else if (byte === lineFeed) {
        if (sawReturn) this.ends.crlf++;
        else this.ends.lf++;
        this.fields = fields;
        this.rowBytes = rowBytes;
        this.endRow();
        fields = 1;
        rowBytes = 0;
        state = begin;
        sawReturn = false;
      } else if (sawReturn) {
        // A return alone ends no row here, nor stands it inside one without quotes.
        this.survey.even = false;
        sawReturn = false;
      } else if (byte === separator) {
        fields++;
        rowBytes++;
        state = begin;
      } else if (byte === carriageReturn) sawReturn = true;
      else {
        rowBytes++;
        if (state === inside) continue;
        if (state === begin) state = byte === quote ? quoted : byte === blank || byte === tab ? begin : inside;
        else if (state === closed) {
          if (byte === quote) state = quoted;
          else this.survey.even = false;
        }
      }
    }
    this.state = state;
    this.fields = fields;
    this.rowBytes = rowBytes;
    this.sawReturn = sawReturn;
  }

  private endRow(): void {
    this.line++;
    const { survey, dialect } = this;
    if (this.rowBytes === 0 && this.fields === 1) {
      survey.blankLines++;
      if (dialect.width > 1) return;
    } else if (survey.blankLines > 0) survey.goesOn = true;
    survey.rows++;
    if (this.fields !== dialect.width) survey.even = false;
  }
}
