import { tmpdir } from 'node:os';
import path from 'node:path';

/** What servers may read in tests besides their workspaces: files that tests write, embedded data, and the shared cases. */
export const allowed = [tmpdir(), import.meta.dirname, path.resolve(import.meta.dirname, '../shared/cases')].join(
  path.delimiter,
);
