// What the build wrote down of the servers, beside them: they show it without loading what it was made of.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServerName } from '../contracts/server-name.ts';
import { longName } from '../server-names.ts';

/** The part of a list that is of this server, by its long name; nothing when run from source. file: `tools.json`, `pages.json`. */
export function writtenOf<Item>(file: string, server: string): Item[] {
  const here = fileURLToPath(import.meta.url);
  const place = path.join(path.dirname(here), file);
  if (here.endsWith('.ts') || !existsSync(place)) return [];
  // SAFETY: the build that made this program wrote the list from the very things that it is of.
  const all = JSON.parse(readFileSync(place, 'utf8')) as (Item & { server: ServerName })[];
  return all.filter((one) => longName(one.server) === server);
}
