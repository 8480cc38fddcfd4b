/** A file of a session, by its name (ALF, int-brain-lab.github.io/ONE/alf_intro.html). */
export interface AlfFile {
  /** As it lies below the folder. */
  name: string;
  /** The folder that it is in, without revisions and without `alf`. */
  collection: string;
  /** `#2024-05-06#` as a revision of the same file; empty for none. */
  revision: string;
  object: string;
  attribute: string;
  /** npy, tsv, csv or pqt. */
  ending: string;
}

const pattern = /^(?:_[A-Za-z0-9]+_)?([A-Za-z][A-Za-z0-9]*)\.([A-Za-z0-9_]+)(?:\.[^.]+)*\.(npy|tsv|csv|pqt)$/;

/** What a name says, or undefined where it is no name of ALF. name: with slashes. */
export function alfName(name: string): AlfFile | undefined {
  const folders = name.split('/');
  const found = pattern.exec(folders.pop() ?? '');
  if (!found) return undefined;
  const isRevision = (folder: string) => /^#.*#$/.test(folder);
  return {
    name,
    collection: folders.filter((folder) => !isRevision(folder) && folder !== 'alf' && folder !== '').join('/'),
    revision: folders.findLast(isRevision) ?? '',
    object: found[1],
    attribute: found[2],
    ending: found[3],
  };
}

/** Of each file its latest revision, and the names of those that were passed over. */
export function latestOf(names: readonly string[]): { files: AlfFile[]; older: string[] } {
  const kept = new Map<string, AlfFile>();
  const older: string[] = [];
  for (const name of names) {
    const file = alfName(name);
    if (!file) continue;
    const key = [file.collection, file.object, file.attribute, file.ending].join('\n');
    const other = kept.get(key);
    if (other && other.revision >= file.revision) {
      older.push(name);
      continue;
    }
    if (other) older.push(other.name);
    kept.set(key, file);
  }
  return { files: [...kept.values()], older };
}

/** Whether what lies in a folder is a session: its spikes or trials, or the folder `alf`. */
export const isAlf = (names: readonly string[]): boolean =>
  names.includes('alf') ||
  names.some((name) => /^(?:_[A-Za-z0-9]+_)?(spikes|trials)\.[A-Za-z0-9_.]+\.(npy|pqt)$/.test(name));
