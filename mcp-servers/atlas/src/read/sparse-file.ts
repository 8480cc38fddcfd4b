import { closeSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** A file with holes, and how they are filled: `states` is a file of one byte a block, 1 where it is there, 2 where it cannot be had. */
export interface Holes {
  states: string;
  blockBytes: number;
}

/** Asks for blocks; that they are there is told by their states. */
type Need = (first: number, last: number) => void;

let known: { file: string; holes: Holes; need: Need } | undefined;

/** From now on this file has holes, which are asked for as they are read. One such file is read at a time. */
export function fillHoles(file: string, holes: Holes, need: Need): void {
  known = { file, holes, need };
}

/** How the holes of a file are filled; undefined: it has none. */
export const holesOf = (file: string) => (known?.file === file ? known : undefined);

/** Waits, in a thread that does nothing else, until bytes of a file with holes are there. */
export class HoleFiller {
  private readonly states: number;
  private readonly blockBytes: number;
  private readonly need: Need;
  private readonly seen = new Set<number>();
  private readonly still = new Int32Array(new SharedArrayBuffer(4));

  constructor({ states, blockBytes }: Holes, need: Need) {
    this.states = openSync(states, 'r');
    this.blockBytes = blockBytes;
    this.need = need;
  }

  /** Throws when they cannot be had. */
  wait(at: number, length: number): void {
    if (length <= 0) return;
    const [first, last] = this.blocksOf(at, length);
    let isAsked = false;
    for (let waitMs = 1; !this.areThere(first, last); waitMs = Math.min(20, waitMs * 2)) {
      if (!isAsked) this.need(first, last);
      isAsked = true;
      Atomics.wait(this.still, 0, 0, waitMs);
    }
  }

  /** As `wait`, in a thread that others work in. Throws when they cannot be had, or when the signal fires. */
  async fill(at: number, length: number, signal: AbortSignal): Promise<void> {
    if (length <= 0) return;
    const [first, last] = this.blocksOf(at, length);
    for (let waitMs = 1, isAsked = false; !this.areThere(first, last); waitMs = Math.min(20, waitMs * 2)) {
      if (!isAsked) this.need(first, last);
      isAsked = true;
      await setTimeout(waitMs, undefined, { signal });
    }
  }

  close(): void {
    closeSync(this.states);
  }

  private blocksOf(at: number, length: number): [first: number, last: number] {
    return [Math.floor(at / this.blockBytes), Math.floor((at + length - 1) / this.blockBytes)];
  }

  private areThere(first: number, last: number): boolean {
    for (let block = first; block <= last; block++) {
      if (this.seen.has(block)) continue;
      const state = Buffer.alloc(1);
      readSync(this.states, state, 0, 1, block);
      if (state[0] === 2) throw new Error('a part of it cannot be had from the network');
      if (state[0] !== 1) return false;
      this.seen.add(block);
    }
    return true;
  }
}
