import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';

/** A file that was opened once, and whose kind was looked at before its first byte was read. */
export interface OpenedFile {
  size: number;
  /** What the system says of it now. */
  stats(): Stats;
  /** Bytes from `at`, `length` of them or fewer at the end of the file. */
  read(at: number, length: number): Buffer;
  close(): void;
}

/**
 * Opens a regular file. Pipes, devices and folders are refused without waiting for them. Throws `missing` when it cannot be opened,
 * `bad-input` when it is no regular file, `too-large` beyond mostBytes.
 */
export function openRegular(file: string, mostBytes: number): OpenedFile {
  const name = path.basename(file);
  let handle: number;
  try {
    handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw new BregmaError('missing', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`, {
      next: 'Check the path; relative ones start at the workspace.',
    });
  }
  const stat = fstatSync(handle);
  const refuse = (code: 'bad-input' | 'too-large', message: string, next: string) => {
    closeSync(handle);
    return new BregmaError(code, message, { next });
  };
  if (!stat.isFile())
    throw refuse('bad-input', `${name} is no regular file.`, 'Give a file; pipes and devices are not read.');
  if (stat.size > mostBytes)
    throw refuse(
      'too-large',
      `${name} has ${stat.size} bytes; ${mostBytes} are read.`,
      'Split it, or keep fewer values.',
    );
  return {
    size: stat.size,
    stats: () => fstatSync(handle),
    read: (at, length) => readAt(handle, at, length),
    close: () => closeSync(handle),
  };
}

/** A regular file, whole. Throws as `openRegular`. */
export function readRegular(file: string, mostBytes: number): Buffer {
  const opened = openRegular(file, mostBytes);
  try {
    return opened.read(0, opened.size);
  } finally {
    opened.close();
  }
}

function readAt(handle: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  for (let got = 1; read < length && got > 0; read += got)
    got = readSync(handle, bytes, read, length - read, at + read);
  return bytes.subarray(0, read);
}
