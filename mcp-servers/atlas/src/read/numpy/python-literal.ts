import type { Json } from '../zarr/json.ts';

/** Most levels of brackets that are followed. */
const deepest = 40;

/**
 * A literal of Python (a dictionary, list, tuple, text, whole number, True, False, None) as JSON: a tuple is a list, and Python 2's `12L`
 * and `u'…'` are read. Nothing runs. Undefined: it is none of these, or something stands behind it.
 */
export function pythonLiteral(text: string): Json | undefined {
  const reader = new LiteralReader(text);
  try {
    const value = reader.value(0);
    return reader.isAtEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class LiteralReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  isAtEnd(): boolean {
    this.blanks();
    return this.at >= this.text.length;
  }

  value(depth: number): Json {
    if (depth > deepest) throw new SyntaxError('too deep');
    this.blanks();
    const begin = this.text[this.at];
    if (begin === '{') return this.dictionary(depth);
    if (begin === '[') return this.list(']', depth);
    if (begin === '(') return this.list(')', depth);
    return this.atom();
  }

  private atom(): Json {
    const quoted = this.take(/[uUbB]?(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/y);
    if (quoted) return (quoted[1] ?? quoted[2]).replace(/\\(.)/g, '$1');
    const number = this.take(/(-?\d+)L?/y);
    if (number) return Number(number[1]);
    const word = this.take(/True|False|None/y);
    if (!word) throw new SyntaxError('no literal');
    return word[0] === 'None' ? null : word[0] === 'True';
  }

  private list(end: string, depth: number): Json[] {
    this.at++;
    const values: Json[] = [];
    for (;;) {
      if (this.skip(end)) return values;
      values.push(this.value(depth + 1));
      if (!this.skip(',') && !this.isNext(end)) throw new SyntaxError('no list');
    }
  }

  private dictionary(depth: number): Json {
    this.at++;
    const entries: [string, Json][] = [];
    for (;;) {
      if (this.skip('}')) return Object.fromEntries(entries);
      const key = this.value(depth + 1);
      if (!this.skip(':')) throw new SyntaxError('no dictionary');
      entries.push([String(key), this.value(depth + 1)]);
      if (!this.skip(',') && !this.isNext('}')) throw new SyntaxError('no dictionary');
    }
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private isNext(sign: string): boolean {
    this.blanks();
    return this.text[this.at] === sign;
  }

  private skip(sign: string): boolean {
    if (!this.isNext(sign)) return false;
    this.at++;
    return true;
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }
}
