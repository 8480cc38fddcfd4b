import { DataArray, DataCard, DatasetRelease, SourceFile, Table } from '@bregma/core/contracts/dataset';
import type { SaidError } from '@bregma/core/errors';
import type { ReadingPolicy } from '@bregma/core/reading-policy';
import type { KeptNaN } from '@bregma/readers/duck';
import * as z from 'zod';
import type { ImportLimits } from './limits.ts';

/** What is read: a file of the user's by a format, or a registered release whose files were checked and lie at `places`. */
export type ImportTask =
  | {
      format: string;
      source: string;
      options: Record<string, unknown>;
      /** Of what lies in the network: where a copy of it lies, whole or with the blocks that were fetched so far. */
      copy?: { path: string; sparse?: SparseCopy };
    }
  | { entry: string; places: [file: string, place: string][] };

/** A file with holes, which are filled as they are asked for. states: a file of one byte a block. */
export interface SparseCopy {
  states: string;
  blockBytes: number;
}

/** What an import's process is asked for, one at a time. */
export interface ImportRequest {
  task: ImportTask;
  policy: ReadingPolicy;
  /** A folder of this import alone: objects, copies of inputs and what is spilled lie in it, and nothing is written elsewhere. */
  folder: string;
  limits: ImportLimits;
  keepNaN?: KeptNaN;
}

/** What a process answers when it has read everything. It is parsed as what a stranger says: the process read a stranger's file. */
export const ImportReply = z.object({
  shape: DatasetRelease.shape.shape,
  tables: z.array(Table),
  arrays: z.array(DataArray),
  warnings: z.array(z.string()),
  card: DataCard.partial().optional(),
  /** Files that the format names as read, absolute, as they are called outside. */
  read: z.array(z.string()),
  /** Digests of the bytes that were read. name: absolute. */
  files: z.array(SourceFile.omit({ origin: true })),
});
export type ImportReply = z.infer<typeof ImportReply>;

/** What a process says while it works, and at its end. */
export type ImportMessage =
  | { progress: { done: number; total: number; message: string } }
  | { failed: SaidError }
  /** Blocks of a copy with holes, which it waits for. */
  | { need: { first: number; last: number } }
  /** again: whether the process can serve another import. */
  | { reply: unknown; again: boolean };

/** Where a process that ends itself for a limit leaves the reason, in its folder. */
export const endedFile = 'ended';
/** Where it puts objects, in its folder. */
export const objectsFolder = 'objects';
