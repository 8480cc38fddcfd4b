import type { Notebook } from './document.ts';
import { type MergedNotebook, mergeNotebooks } from './merge.ts';

/** What is done to a notebook while its file is read anew: VS Code may read it more than once, and drops what was done in between. */
export class Meanwhile {
  private readonly parts: { start?: Notebook; mine: Notebook }[];

  constructor(mine: Notebook) {
    this.parts = [{ mine }];
  }

  /** The notebook now says `now`. isRead: that is a file's text that VS Code has just read. */
  changed(now: Notebook, isRead: boolean): void {
    if (isRead) this.parts.push({ start: now, mine: now });
    else this.parts[this.parts.length - 1].mine = now;
  }

  /** What the notebook says now. */
  get now(): Notebook {
    return this.parts[this.parts.length - 1].mine;
  }

  /** What the file said when it was read last; undefined: it was not read. */
  get theirs(): Notebook | undefined {
    return this.parts[this.parts.length - 1].start;
  }

  /** All that was done, from `base` on, put over what the file says. */
  over(base: Notebook, theirs: Notebook, prefer: 'mine' | 'theirs'): MergedNotebook {
    return this.parts.reduce<MergedNotebook>(
      (merged, { start = base, mine }) => {
        const { notebook, conflicts } = mergeNotebooks(start, mine, merged.notebook, prefer);
        return { notebook, conflicts: [...merged.conflicts, ...conflicts] };
      },
      { notebook: theirs, conflicts: [] },
    );
  }
}
