import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { openRegular } from '../regular-file.ts';
import { checkLists, type MessageKind, placeOf, tableAt } from './lists.ts';

/** A message of an Arrow file: its kind, and where it lies. */
export interface Message {
  kind: MessageKind;
  at: number;
  bytes: number;
}

/** Kinds of messages that are read (Message.fbs, union MessageHeader). */
const kinds: Record<number, MessageKind> = { 1: 'schema', 2: 'dictionary', 3: 'records' };
/** Longest head of a message: an honest one grows with its columns alone. */
const longestHead = 2 ** 26;
/** Bytes of one message, which are in memory together. */
const largestMessage = 2 ** 30;
const mostMessages = 1_000_000;

/** An Arrow file or stream, of which one message at a time is read. */
export interface Messages {
  list: Message[];
  /** The bytes of a message, in memory of their own. */
  read(message: Message): Uint8Array;
  close(): void;
}

/**
 * Finds the messages of an Arrow file or stream (Arrow columnar format 1.5, "Encapsulated message format"): a file is a stream between
 * two marks, with a footer that repeats where they lie. Throws `bad-input` when it is none, `corrupt` when it ends early.
 */
export function openMessages(file: string): Messages {
  const name = path.basename(file);
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  const magic = opened.read(0, 8).toString('latin1');
  const isFile = magic.startsWith('ARROW1');
  try {
    if (magic.startsWith('FEA1'))
      throw new BregmaError('bad-input', `${name} is Feather of version 1, which ended in 2020.`, {
        next: 'Write it again with pyarrow.feather.write_feather, or as Parquet.',
      });
    const end = isFile ? endOfStream(opened.read(Math.max(8, opened.size - 10), 10), opened.size, name) : opened.size;
    const list: Message[] = [];
    for (let at = isFile ? 8 : 0; at + 8 <= end; ) {
      const message = messageAt((from, length) => opened.read(from, length), at, end, name, list.length === 0);
      if (!message) break;
      if (message.kind) list.push({ kind: message.kind, at, bytes: message.bytes });
      if (list.length > mostMessages) throw damaged(name, 'has more messages than any table');
      at += message.bytes;
    }
    if (list[0]?.kind !== 'schema') throw noArrow(name);
    return {
      list,
      read({ at, bytes }) {
        const own = new Uint8Array(bytes);
        own.set(opened.read(at, bytes));
        return own;
      },
      close: () => opened.close(),
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Where the stream of a file ends: before its footer. */
function endOfStream(tail: Buffer, size: number, name: string): number {
  if (tail.length < 10 || tail.toString('latin1', 4) !== 'ARROW1') throw damaged(name, 'ends early');
  const footer = tail.readInt32LE(0);
  if (footer <= 0 || footer > size - 18) throw damaged(name, 'has a footer that is longer than it');
  return size - 10 - footer;
}

/** The kind and length of the message at a place; undefined at the end of the stream. */
function messageAt(
  read: (at: number, length: number) => Buffer,
  at: number,
  end: number,
  name: string,
  isFirst: boolean,
): { kind?: MessageKind; bytes: number } | undefined {
  const begin = read(at, 8);
  const isModern = begin.readInt32LE(0) === -1;
  // Before Arrow 0.15 no mark stood before the length.
  const length = begin.readInt32LE(isModern ? 4 : 0);
  const prefix = isModern ? 8 : 4;
  if (length === 0) return undefined;
  if (length < 0 || length > longestHead || at + prefix + length > end)
    throw isFirst ? noArrow(name) : damaged(name, 'ends inside a message');
  const head = read(at + prefix, length);
  try {
    const body = bodyLength(head);
    const bytes = prefix + length + body;
    if (body < 0 || at + bytes > end) throw damaged(name, 'ends inside a message');
    if (bytes > largestMessage)
      throw new BregmaError('too-large', `${name} has ${bytes} bytes in one batch; ${largestMessage} are read.`, {
        next: 'Write it in smaller batches, or as Parquet.',
      });
    const kind: MessageKind | undefined = kinds[fieldAt(head, 1, 1)];
    if (kind) checkLists(head, kind);
    return { kind, bytes };
  } catch (error) {
    if (error instanceof BregmaError) throw error;
    throw isFirst ? noArrow(name) : damaged(name, 'has a message that cannot be read');
  }
}

const bodyLength = (head: Buffer) => {
  const at = placeOf(head, tableAt(head, 0), 3);
  return at === 0 ? 0 : Number(head.readBigInt64LE(at));
};
const fieldAt = (head: Buffer, field: number, width: 1) => {
  const at = placeOf(head, tableAt(head, 0), field);
  return at === 0 ? 0 : head.readUIntLE(at, width);
};

const noArrow = (name: string) =>
  new BregmaError('bad-input', `${name} is no Arrow or Feather file: it does not begin with a schema.`, {
    next: 'Write it with pyarrow.feather.write_feather, or name its format.',
  });

const damaged = (name: string, why: string) =>
  new BregmaError('corrupt', `${name} ${why}.`, { next: 'Copy the file again; nothing was added.' });
