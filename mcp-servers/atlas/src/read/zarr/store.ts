import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { openZip, type ZippedFile } from '../images/zip.ts';
import { openRegular } from '../regular-file.ts';

/** The keys of a Zarr hierarchy and the bytes under each. */
export interface ZarrStore {
  /** As the file or folder is called. */
  name: string;
  /** All keys, without a slash before them. */
  keys: ReadonlySet<string>;
  /** Of all keys together, packed. */
  bytes: number;
  /** Undefined: there is no such key. Throws `corrupt`, `too-large`. */
  read(key: string): Uint8Array | undefined;
  close(): void;
}

/** Most files of one hierarchy, and most bytes of one of them. */
const mostKeys = 2_000_000;
const largestFile = 2 ** 30;

/** Opens a folder, or a zip of one. Throws `bad-input` where there is no Zarr, and for links, which lead who knows where. */
export async function openStore(file: string): Promise<ZarrStore> {
  const store = statSync(file).isDirectory() ? folderStore(file) : await zipStore(file);
  const root = rootOf(store.keys);
  if (root === undefined) {
    store.close();
    throw new BregmaError('bad-input', `${store.name} is no Zarr: no zarr.json, .zgroup or .zarray lies in it.`, {
      next: 'Give the folder that holds zarr.json or .zgroup, or a zip of it.',
    });
  }
  if (root === '') return store;
  const keys = new Set([...store.keys].filter((key) => key.startsWith(root)).map((key) => key.slice(root.length)));
  return { ...store, keys, read: (key) => (keys.has(key) ? store.read(root + key) : undefined) };
}

const metadataNames = ['zarr.json', '.zgroup', '.zarray', '.zmetadata'];

/** What lies before every key: nothing, or the one folder that a zip was made of. Groups of version 2 may say nothing of themselves. */
function rootOf(keys: ReadonlySet<string>): string | undefined {
  if (metadataNames.some((name) => keys.has(name))) return '';
  const described = [...keys].filter((key) => metadataNames.includes(key.slice(key.lastIndexOf('/') + 1)));
  if (described.length === 0) return undefined;
  const [first] = described;
  const folder = first.slice(0, first.indexOf('/') + 1);
  const isOnly = [...keys].every((key) => key.startsWith(folder) || key.startsWith('__MACOSX/'));
  return isOnly && metadataNames.some((name) => keys.has(folder + name)) ? folder : '';
}

function folderStore(folder: string): ZarrStore {
  const name = path.basename(folder);
  const keys = new Set<string>();
  let bytes = 0;
  const walk = (under: string) => {
    for (const entry of readdirSync(path.join(folder, under), { withFileTypes: true })) {
      const key = under === '' ? entry.name : `${under}/${entry.name}`;
      if (entry.isDirectory()) walk(key);
      else if (entry.isFile()) {
        keys.add(key);
        bytes += statSync(path.join(folder, key)).size;
      } else
        throw new BregmaError(
          'bad-input',
          `${name} has ${key}, which is ${entry.isSymbolicLink() ? 'a link' : 'no file'}.`,
          {
            next: 'Copy what it leads to into the folder: a Zarr is read from its own files alone.',
          },
        );
      if (keys.size > mostKeys) throw tooMany(name);
    }
  };
  walk('');
  const read = (key: string) => {
    if (!keys.has(key)) return undefined;
    const opened = openRegular(path.join(folder, key), largestFile);
    try {
      return opened.read(0, opened.size);
    } finally {
      opened.close();
    }
  };
  return { name, keys, bytes, read, close: () => {} };
}

async function zipStore(file: string): Promise<ZarrStore> {
  const name = path.basename(file);
  const opened = openRegular(file, Number.POSITIVE_INFINITY);
  try {
    const { files } = await openZip(opened, name, () => true);
    const byKey = new Map<string, ZippedFile>();
    for (const one of files) {
      const key = one.name.replaceAll('\\', '/');
      if (key.startsWith('/') || key.split('/').some((part) => part === '..' || part === '.'))
        throw new BregmaError('bad-input', `${name} has a file ${key.slice(0, 100)}, which leads out of it.`, {
          next: 'Make the zip again, of the folder alone.',
        });
      byKey.set(key, one);
    }
    return {
      name,
      keys: new Set(byKey.keys()),
      bytes: opened.size,
      read: (key) => byKey.get(key)?.read(),
      close: () => opened.close(),
    };
  } catch (error) {
    opened.close();
    throw error;
  }
}

const tooMany = (name: string) =>
  new BregmaError('too-large', `${name} has more than ${mostKeys} files.`, {
    next: 'Add a part of it, or use shards.',
  });
