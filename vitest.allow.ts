import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What servers may read in tests besides their workspaces: files that tests write, the tests' own files, and the shared cases. */
export const allowed = [
  tmpdir(),
  ...['test', '../shared/cases'].map((folder) => path.resolve(import.meta.dirname, folder)),
].join(path.delimiter);

/** The settings of the person who runs the tests, for as long as they run: nothing is trusted or allowed beyond them. */
export const settings = mkdtempSync(path.join(tmpdir(), 'bregma-settings-'));
