import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import type { Container, ContainerNode, Values } from '../container/container.ts';
import { openZip, type ZippedFile } from '../images/zip.ts';
import { openRegular } from '../regular-file.ts';
import { reordered } from '../zarr/elements.ts';
import { elementTypeOf, valuesOf } from '../zarr/stored-type.ts';
import { type ArrayHead, arrayHead, longestHead } from './array-head.ts';
import { Pieces } from './pieces.ts';

/** Deflate packs 1,032 times at most; what is stored of it is bounded where it is written. */
const limits = { unpacked: 2 ** 40, ratio: 1100 };
/** Arrays in Fortran order are turned in memory. */
const largestTurned = 2 ** 30;

interface Member {
  file: ZippedFile;
  /** As errors name it. */
  name: string;
  head: ArrayHead;
}

/**
 * Opens what numpy.savez and savez_compressed write as a tree of arrays, each under the name it was given; a slash in a name is a level
 * of the tree. Elements are unpacked piece by piece as they are read. What NumPy pickled is named and not read. Throws `bad-input` for
 * what is no NPZ, `corrupt` for what is damaged, naming the member.
 */
export async function openNpz(file: string, signal: AbortSignal): Promise<Container> {
  const name = path.basename(file);
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    const { files, others } = await openZip(opened, name, (entry) => entry.endsWith('.npy'), limits);
    if (files.length === 0)
      throw new BregmaError('bad-input', `${name} is no NPZ: no array lies in it.`, {
        next: 'Write it with numpy.savez, or name its format.',
      });
    const notes = others.map((other) => `${other.slice(0, 100)} is no array of NumPy: it was left out.`);
    const nodes: ContainerNode[] = [{ path: '/', kind: 'group', attributes: {} }];
    const members = new Map<string, Member>();
    for (const zipped of files) {
      const inner = `/${zipped.name
        .slice(0, -4)
        .split(/[\\/]+/)
        .filter(Boolean)
        .join('/')}`;
      if (members.has(inner)) throw twice(zipped.name, name);
      const member = await memberOf(zipped, `${zipped.name.slice(0, 100)} of ${name}`, signal);
      members.set(inner, member);
      nodes.push(nodeOf(inner, member.head));
    }
    const reader = new NpzReader(members, signal);
    return {
      nodes,
      bytes: opened.size,
      read: (inner, start, count) => reader.read(inner, start, count),
      notes: () => notes,
      close() {
        void reader.close();
        opened.close();
      },
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}

const twice = (member: string, name: string) =>
  new BregmaError('corrupt', `${name} holds ${member.slice(0, 100)} twice: which one counts is not known.`, {
    next: 'Write it again with each name once.',
  });

async function memberOf(file: ZippedFile, name: string, signal: AbortSignal): Promise<Member> {
  const pieces = new Pieces(file.pieces(signal));
  try {
    const head = arrayHead(await pieces.peek(longestHead), name);
    if (head.type.kind !== 'unread' && head.start + head.bytes > file.size)
      throw new BregmaError(
        'corrupt',
        `${name} ends early: its shape [${head.shape}] takes ${head.bytes} bytes, ${file.size - head.start} are there.`,
        { next: 'Copy the file again.' },
      );
    return { file, name, head };
  } finally {
    await pieces.close();
  }
}

function nodeOf(inner: string, { type, shape, isFortran, bytes }: ArrayHead): ContainerNode {
  if (isFortran && bytes > largestTurned)
    return {
      path: inner,
      kind: 'broken',
      attributes: {},
      target: `it is in Fortran order and takes ${bytes} bytes, ${largestTurned} are turned; save numpy.ascontiguousarray of it`,
    };
  return { path: inner, kind: 'array', attributes: {}, shape, type: elementTypeOf(type) };
}

/** Reads members from front to back; who goes back makes it begin again. */
class NpzReader {
  private readonly members: Map<string, Member>;
  private readonly signal: AbortSignal;
  private open?: { inner: string; pieces: Pieces; at: number };

  constructor(members: Map<string, Member>, signal: AbortSignal) {
    this.members = members;
    this.signal = signal;
  }

  async read(inner: string, start = 0, count = Number.POSITIVE_INFINITY): Promise<Values> {
    const member = this.members.get(inner);
    if (!member) throw new Error(`There is no ${inner}.`);
    const { type, shape, isFortran } = member.head;
    const row = shape.slice(1).reduce((product, size) => product * size, 1);
    const rows = shape.length === 0 ? 1 : shape[0];
    const [first, last] = [Math.min(start, rows), Math.min(rows, start + count)];
    const wanted = (last - first) * row;
    if (!isFortran)
      return valuesOf(await this.bytes(member, inner, first * row * type.size, wanted * type.size), wanted, type);
    const all = await this.bytes(member, inner, 0, rows * row * type.size);
    const order = shape.map((_, axis) => shape.length - 1 - axis);
    // SAFETY: elements of one length are bytes.
    const turned = reordered(all, shape, order, type.size) as Uint8Array;
    return valuesOf(turned.subarray(first * row * type.size, last * row * type.size), wanted, type);
  }

  /** Bytes of a member's elements, from `from`. */
  private async bytes({ file, head, name }: Member, inner: string, from: number, length: number): Promise<Uint8Array> {
    const place = head.start + from;
    if (this.open?.inner !== inner || this.open.at > place) {
      await this.close();
      this.open = { inner, pieces: new Pieces(file.pieces(this.signal)), at: 0 };
    }
    const { open } = this;
    await open.pieces.skip(place - open.at);
    const bytes = await open.pieces.take(length);
    open.at = place + bytes.length;
    // The end of the member is reached: what follows its array, length and checksum are looked at.
    if (from + length === head.bytes) await open.pieces.finish();
    if (bytes.length < length)
      throw new BregmaError('corrupt', `${name} ends early.`, { next: 'Copy the file again.' });
    return bytes;
  }

  async close(): Promise<void> {
    await this.open?.pieces.close();
    this.open = undefined;
  }
}
