import { readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { embeddedFolder } from '@bregma/core/embedded';
import { BregmaError } from '@bregma/core/errors';
import { type ReadingPolicy, readable, readingPolicy } from '@bregma/core/reading-policy';

/** The files that one call reads: each is let through by the policy, which knows the data that come with the program too, and watched so that what is recorded of it is what was read. */
export class Inputs {
  private readonly folder: string;
  private readonly policy: ReadingPolicy;
  private readonly seen = new Map<string, string>();

  constructor(workspace: string) {
    this.folder = workspace;
    const { allowed } = readingPolicy(workspace);
    this.policy = { workspace, allowed: [...allowed, ...[embeddedFolder()].filter((one) => one !== undefined)] };
  }

  /** A path of the user's, absolute; what lies in a folder is looked at too. Throws as `readable`. */
  resolve(name: string): string {
    if (name.includes('\0')) throw new BregmaError('bad-input', 'A path has a NUL character in it.');
    const { file, stats } = readable(path.resolve(this.folder, name), this.policy);
    if (stats) this.watch(file, stats);
    return file;
  }

  private watch(file: string, stats: Stats): void {
    if (!stats.isDirectory()) {
      this.seen.set(file, stamp(stats));
      return;
    }
    for (const entry of readdirSync(file, { withFileTypes: true })) {
      if (entry.name === '.bregma') continue;
      const inner = path.join(file, entry.name);
      const found = readable(inner, this.policy);
      // A link to a folder is not followed: it may lead back here.
      if (found.stats && (found.stats.isFile() || entry.isDirectory())) this.watch(inner, found.stats);
    }
  }

  /** Throws `conflict` when a file was changed, replaced or added to after it was first looked at. */
  checkUnchanged(files: string[]): void {
    for (const file of files) {
      const before = this.seen.get(file);
      const now = statSync(file, { throwIfNoEntry: false });
      if (now && before === stamp(now)) continue;
      throw new BregmaError('conflict', `${path.basename(file)} changed while it was read: nothing was added.`, {
        next: 'Add it again when it is written.',
      });
    }
  }
}

/** What changes with every writing, and cannot be set back: the time of the last change of the file's entry. */
const stamp = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats) => `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
