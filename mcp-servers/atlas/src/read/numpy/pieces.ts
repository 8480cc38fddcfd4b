/** A stream of bytes that is taken in lengths of one's own. */
export class Pieces {
  private readonly source: AsyncGenerator<Buffer>;
  private readonly waiting: Buffer[] = [];
  private length = 0;

  constructor(source: AsyncGenerator<Buffer>) {
    this.source = source;
  }

  /** The next bytes, `most` of them or fewer at the end, which stay. */
  async peek(most: number): Promise<Buffer> {
    while (this.length < most) if (!(await this.more())) break;
    return Buffer.concat(this.waiting).subarray(0, most);
  }

  /** The next bytes, `count` of them or fewer at the end. */
  async take(count: number): Promise<Buffer> {
    const out = Buffer.alloc(count);
    let done = 0;
    while (done < count) {
      if (this.length === 0 && !(await this.more())) break;
      const piece = this.shift(count - done);
      piece.copy(out, done);
      done += piece.length;
    }
    return out.subarray(0, done);
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      if (this.length === 0 && !(await this.more())) return;
      left -= this.shift(left).length;
    }
  }

  /** Reads to the end, so that what the source checks there is checked. */
  async finish(): Promise<void> {
    while (await this.more()) this.waiting.length = this.length = 0;
  }

  async close(): Promise<void> {
    await this.source.return(undefined);
  }

  private shift(most: number): Buffer {
    const [first] = this.waiting;
    const piece = first.subarray(0, most);
    if (piece.length === first.length) this.waiting.shift();
    else this.waiting[0] = first.subarray(most);
    this.length -= piece.length;
    return piece;
  }

  private async more(): Promise<boolean> {
    const { value, done } = await this.source.next();
    if (done) return false;
    if (value.length === 0) return this.more();
    this.waiting.push(value);
    this.length += value.length;
    return true;
  }
}
