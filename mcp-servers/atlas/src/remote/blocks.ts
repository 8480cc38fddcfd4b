import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { BregmaError } from '@bregma/core/errors';
import { ownFile, ownFolder } from '@bregma/core/storage';
import { again, ask, bodyOf, mustBe, Passing } from './client.ts';
import { changed, copyChanged, placeOf } from './download.ts';
import { markOf, type RemoteFile, rangeOf } from './remote-file.ts';

/** Bytes of a block, and blocks that are asked for at once. */
export const blockBytes = 2 ** 16;
const mostAtOnce = 128;

/** What a block is to the process that reads: not there, there, or not to be had. */
export const blockStates = { absent: 0, there: 1, failed: 2 } as const;

/**
 * A file of which blocks are fetched as they are read. It lies on the disk with holes, beside a table of checksums of what is there, and
 * is kept for the next reading while the file's mark stays the same. `states`: one byte a block, for the process that reads: blocks that
 * this reading needed, whether they were fetched for it or before.
 */
export class Blocks {
  readonly file: RemoteFile;
  /** Where it lies, under its own name. */
  readonly path: string;
  readonly statesPath: string;
  /** Bytes that came over the network for this reading. */
  fetched = 0;
  private readonly data: number;
  private readonly sums: number;
  private readonly states: number;
  private readonly known: Uint8Array;
  /** Checksums of the blocks as this reading was given them. */
  private readonly given = new Map<number, number>();
  private readonly signal: AbortSignal;

  /** statesPath: of a file that is not there yet. */
  constructor(file: RemoteFile, folder: string, statesPath: string, signal: AbortSignal) {
    this.file = file;
    this.signal = signal;
    const place = `${placeOf(file, folder)}-blocks`;
    this.path = path.join(ownFolder(place), file.name);
    for (const one of [this.path, `${this.path}.sums`]) ownFile(one);
    this.statesPath = statesPath;
    // Without a mark nothing says that blocks of before are blocks of this file.
    const flags = file.mark === undefined ? 'w+' : 'a+';
    for (const one of [this.path, `${this.path}.sums`]) closeSync(openSync(one, flags));
    this.data = openSync(this.path, 'r+');
    ftruncateSync(this.data, file.bytes);
    this.sums = openSync(`${this.path}.sums`, 'r+');
    ftruncateSync(this.sums, this.count() * 5);
    this.states = openSync(statesPath, 'wx+');
    ftruncateSync(this.states, this.count());
    this.known = new Uint8Array(this.count());
  }

  count(): number {
    return Math.ceil(this.file.bytes / blockBytes);
  }

  /** Bytes of the blocks that this reading needed: the same however much lay here before. */
  used(): number {
    return this.known.reduce((sum, state, block) => sum + (state === 1 ? this.sizeOf(block) : 0), 0);
  }

  /** The digest of what was read: of every block that was needed, its number and its bytes, in their order. */
  digest(): string {
    const hash = createHash('sha256');
    for (const [block, state] of this.known.entries()) {
      if (state !== blockStates.there) continue;
      const bytes = this.readBlock(block);
      if (crc32(bytes) !== this.given.get(block)) throw copyChanged(this.file);
      hash.update(`${block}\n`).update(bytes);
    }
    return hash.digest('hex');
  }

  /** Sees that blocks are there. What cannot be had is marked, so that who waits hears of it; then this throws. */
  async need(first: number, last: number): Promise<void> {
    const end = Math.min(last, this.count() - 1);
    try {
      for (let block = Math.max(0, first); block <= end; ) {
        if (this.isHere(block)) {
          this.tell(block, block, blockStates.there);
          block++;
          continue;
        }
        let to = block;
        while (to < end && to - block + 1 < mostAtOnce && !this.isHere(to + 1)) to++;
        await this.fetch(block, to);
        block = to + 1;
      }
    } catch (error) {
      this.tell(first, end, blockStates.failed);
      throw error;
    }
  }

  private async fetch(first: number, last: number): Promise<void> {
    const { file, signal } = this;
    const from = first * blockBytes;
    const to = Math.min(file.bytes, (last + 1) * blockBytes) - 1;
    const bytes = await again(file.url.href, signal, async () => {
      const headers: Record<string, string> = { range: `bytes=${from}-${to}` };
      if (file.mark) headers['if-range'] = file.mark;
      const answer = await ask(file.url, headers, signal);
      mustBe(answer, [200, 206]);
      const range = rangeOf(answer.headers['content-range']);
      if (answer.status === 200 || (file.mark !== undefined && markOf(answer.headers) !== file.mark))
        throw changed(file, answer);
      if (range?.total !== file.bytes || range.from !== from) {
        answer.body.destroy();
        throw new BregmaError(
          'corrupt',
          `The server of ${file.name} is not sure of its length: ${file.bytes} bytes, then ${range?.total}.`,
        );
      }
      const body = await bodyOf(answer, to - from + 1);
      if (body.length !== to - from + 1) throw new Passing(`it sent ${body.length} of ${to - from + 1} bytes`);
      return body;
    });
    this.fetched += bytes.length;
    for (let block = first; block <= last; block++)
      this.keep(block, bytes.subarray((block - first) * blockBytes, (block - first + 1) * blockBytes));
    this.tell(first, last, blockStates.there);
  }

  private sizeOf(block: number): number {
    return Math.min(blockBytes, this.file.bytes - block * blockBytes);
  }

  private readBlock(block: number): Buffer {
    const bytes = Buffer.alloc(this.sizeOf(block));
    readSync(this.data, bytes, 0, bytes.length, block * blockBytes);
    return bytes;
  }

  private keep(block: number, bytes: Buffer): void {
    writeSync(this.data, bytes, 0, bytes.length, block * blockBytes);
    const sum = Buffer.alloc(5);
    sum[0] = 1;
    this.given.set(block, crc32(bytes));
    sum.writeUInt32LE(crc32(bytes), 1);
    writeSync(this.sums, sum, 0, 5, block * 5);
  }

  /** Whether a block is here with the bytes that came. */
  private isHere(block: number): boolean {
    if (this.known[block] === blockStates.there) return true;
    const sum = Buffer.alloc(5);
    readSync(this.sums, sum, 0, 5, block * 5);
    const found = crc32(this.readBlock(block));
    if (sum[0] !== 1 || sum.readUInt32LE(1) !== found) return false;
    this.given.set(block, found);
    return true;
  }

  private tell(first: number, last: number, state: number): void {
    this.known.fill(state, first, last + 1);
    writeSync(this.states, Buffer.alloc(last - first + 1, state), 0, last - first + 1, first);
  }

  close(): void {
    for (const handle of [this.data, this.sums, this.states]) closeSync(handle);
  }
}
