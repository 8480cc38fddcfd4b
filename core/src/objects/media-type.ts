import { closeSync, openSync, readSync } from 'node:fs';

/** Media type of a file by its first bytes, for an object of which no record says it. */
export function mediaTypeOf(file: string): string {
  const first = Buffer.alloc(8);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, first);
  } finally {
    closeSync(handle);
  }
  const text = first.toString('latin1');
  if (text.startsWith('\x93NUMPY')) return 'application/x-npy';
  if (text.startsWith('PAR1')) return 'application/vnd.apache.parquet';
  if (text.startsWith('\x89PNG')) return 'image/png';
  if (text.startsWith('<svg ')) return 'image/svg+xml';
  if (/^\s*[[{"]/.test(text)) return 'application/json';
  return 'application/octet-stream';
}
