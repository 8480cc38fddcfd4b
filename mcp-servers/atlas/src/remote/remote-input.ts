import { rmSync } from 'node:fs';
import path from 'node:path';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import { ownFolder } from '@bregma/core/storage';
import { digestFile } from '../sources/fetch.ts';
import { Blocks, blockBytes } from './blocks.ts';
import { copyChanged, download } from './download.ts';
import { findRemote, type RemoteFile } from './remote-file.ts';

/** What of the network is read, ready for the process that reads it. */
export interface RemoteInput {
  /** Where the copy lies. */
  path: string;
  sparse?: { states: string; blockBytes: number };
  /** Bytes that the limits of the reading grow with. */
  inputBytes: number;
  need?: (first: number, last: number) => Promise<void>;
  /** After the reading: what was read, of how much. The same however much lay here before. */
  finish(): Promise<{ file: DatasetRelease['files'][number]; counted: { bytes: number; read: number } }>;
  close(): void;
}

/** Smaller files are downloaded whole: asking for their parts costs more. */
const smallBytes = 2 ** 23;
/** Limits grow with what is read at most, and of a large file little is. */
const mostCounted = 2e9;
/** How HDF5 begins; a user block may lie before it. */
const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const isHdf5 = (begin: Buffer) => [0, 512, 1024, 2048, 4096].some((at) => begin.subarray(at, at + 8).equals(signature));

const isParquet = (begin: Buffer) => begin.subarray(0, 4).toString('latin1') === 'PAR1';

/**
 * Opens what lies at an address. Parquet of which columns were named (`byColumns`) and HDF5 (NWB, h5ad, MATLAB 7.3) are read in the parts that are needed where its server gives parts; anything
 * else is downloaded whole. folder: where copies are kept; statesPath: of a file that is not there yet. Throws as `findRemote` and
 * `download`.
 */
export async function openRemote(
  source: string,
  {
    folder,
    statesPath,
    signal,
    progress,
    byColumns = false,
  }: {
    folder: string;
    statesPath: string;
    signal: AbortSignal;
    progress(done: number, total: number, message: string): void;
    byColumns?: boolean;
  },
): Promise<RemoteInput> {
  const file = await findRemote(source, signal);
  for (const one of [path.dirname(folder), folder]) ownFolder(one);
  const hasParts = isHdf5(file.begin) || (byColumns && isParquet(file.begin));
  if (file.hasRanges && file.bytes > smallBytes && hasParts) return inParts(file, source, folder, statesPath, signal);
  const {
    path: copy,
    bytes,
    sha256,
  } = await download(file, folder, signal, (done, total) => progress(done, total, `downloading ${file.name}`));
  return {
    path: copy,
    inputBytes: bytes,
    async finish() {
      // It was read where it lies.
      if ((await digestFile(copy, signal)) !== sha256) throw copyChanged(file);
      return {
        file: { name: source, bytes, sha256, origin: originOf(file, 'downloaded') },
        counted: { bytes, read: bytes },
      };
    },
    close() {
      // Without a mark it cannot be known again.
      if (file.mark === undefined) rmSync(path.dirname(copy), { recursive: true, force: true });
    },
  };
}

async function inParts(
  file: RemoteFile,
  source: string,
  folder: string,
  statesPath: string,
  signal: AbortSignal,
): Promise<RemoteInput> {
  const blocks = new Blocks(file, folder, statesPath, signal);
  const close = () => {
    blocks.close();
    rmSync(statesPath, { force: true });
    if (file.mark === undefined) rmSync(path.dirname(blocks.path), { recursive: true, force: true });
  };
  try {
    await blocks.need(0, 0);
  } catch (error) {
    close();
    throw error;
  }
  return {
    path: blocks.path,
    sparse: { states: statesPath, blockBytes },
    inputBytes: Math.min(file.bytes, mostCounted),
    need: (first, last) => blocks.need(first, last),
    async finish() {
      const read = blocks.used();
      const said = file.sha256 ? `; its archive says sha256 ${file.sha256}` : '';
      const how = `read in parts: sha256 is of the ${read} bytes that were read${said}`;
      return {
        file: { name: source, bytes: file.bytes, sha256: blocks.digest(), origin: originOf(file, how) },
        counted: { bytes: file.bytes, read },
      };
    },
    close,
  };
}

const originOf = ({ url, mark }: RemoteFile, how: string) =>
  `${url.origin}${url.pathname}${mark === undefined ? '' : ` (${mark})`}, ${how}`;
