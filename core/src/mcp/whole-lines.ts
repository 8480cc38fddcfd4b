import { Transform, type TransformCallback } from 'node:stream';

/** Bytes of one message on stdio. The SDK's own limit is 10 MiB, and there a longer one ends the connection. */
export const longestLine = 10_000_000;

/** A line that was left out: how long it was, and the id of its request where its ends show one. */
export interface LongLine {
  bytes: number;
  id?: string | number;
}

/**
 * Passes lines on one by one. A line beyond `most` bytes is left out and told of, so that what comes after it is heard; no more of
 * it is kept than its ends.
 */
export class WholeLines extends Transform {
  private readonly most: number;
  private readonly tell: (line: LongLine) => void;
  private parts: Buffer[] = [];
  private bytes = 0;
  private head: Buffer | undefined;
  private tail: Buffer = Buffer.alloc(0);

  constructor(most: number, tell: (line: LongLine) => void) {
    super();
    this.most = most;
    this.tell = tell;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.add(chunk.subarray(from, end + 1));
      this.finish();
      from = end + 1;
    }
    if (from < chunk.length) this.add(chunk.subarray(from));
    done();
  }

  private add(part: Buffer): void {
    this.bytes += part.length;
    if (this.bytes > this.most && !this.head) {
      this.head = Buffer.concat(this.parts).subarray(0, endBytes);
      this.parts = [];
    }
    if (this.head) this.tail = Buffer.concat([this.tail, part.subarray(-endBytes)]).subarray(-endBytes);
    else this.parts.push(part);
  }

  private finish(): void {
    if (this.head) this.tell({ bytes: this.bytes, id: idIn(this.head.toString(), this.tail.toString()) });
    else this.push(Buffer.concat(this.parts));
    this.parts = [];
    this.bytes = 0;
    this.head = undefined;
    this.tail = Buffer.alloc(0);
  }
}

const endBytes = 300;

/** The id of a request as the usual clients write it: among its first members, or as its last one. */
function idIn(head: string, tail: string): string | number | undefined {
  const found =
    /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*("[^"\\]{1,200}"|\d{1,15})\s*,/.exec(head) ??
    /,\s*"id"\s*:\s*("[^"\\]{1,200}"|\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/.exec(tail);
  return found ? JSON.parse(found[1]) : undefined;
}
