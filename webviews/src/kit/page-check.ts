import { hashedText, type Row } from '@bregma/core/contracts/ledger-row';
import type { PageManifest, Publication } from '@bregma/core/contracts/published-page';
import { unzipSync } from 'fflate';

/** A page as somebody has it before them: what it carries, and what it shows now. */
export interface PageSeen extends Publication {
  page: string;
  sections: string[];
}

/** Files of a crate by their path in it. */
export type CrateFiles = ReadonlyMap<string, () => Promise<Uint8Array>>;

/** Bytes that a crate in a zip may hold, unpacked: all of it is in memory while it is checked. */
const mostUnpacked = 2e9;

/** The files of a crate that is a zip. Throws RangeError when they are too large, and what the zip says when it is none. */
export function filesOfZip(zip: Uint8Array): CrateFiles {
  let bytes = 0;
  const entries = unzipSync(zip, {
    filter({ originalSize }) {
      bytes += originalSize;
      if (bytes > mostUnpacked)
        throw new RangeError('The crate holds more than 2 GB: unpack it, and choose its folder.');
      return true;
    },
  });
  return new Map(Object.entries(entries).map(([name, content]) => [name, async () => content]));
}

/** One thing that was looked at. */
export interface Finding {
  holds: boolean;
  says: string;
}

/** SHA-256 of bytes or of a text in UTF-8, in hexadecimal digits. */
async function sha256Of(what: string | Uint8Array): Promise<string> {
  const bytes = typeof what === 'string' ? new TextEncoder().encode(what) : Uint8Array.from(what);
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Whether a page and a crate belong together and neither was changed: what the page shows is what was put on record when it was
 * published, the crate holds that record and those of the results that it shows, no record of the crate was changed, and its objects
 * have the bytes that they are named by. It does not say that the results are right: replaying them does.
 */
export async function checkPage(seen: PageSeen, crate: CrateFiles): Promise<Finding[]> {
  const manifest = manifestOf(seen.manifest);
  if (!manifest) return [{ holds: false, says: 'What this page says of itself cannot be read.' }];
  const records = await readRecords(crate);
  if (typeof records === 'string') return [{ holds: false, says: records }];
  return [
    ...(await shownFindings(seen, manifest)),
    ...(await recordFindings(seen, manifest, records)),
    await objectFinding(crate),
  ];
}

/** A manifest from its text, or undefined. */
function manifestOf(text: string): PageManifest | undefined {
  try {
    const found = JSON.parse(text);
    return typeof found?.page === 'string' && Array.isArray(found.cells) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The rows of a crate by the id of their record, or why there are none. */
async function readRecords(crate: CrateFiles): Promise<Map<string, Row> | string> {
  const file = crate.get('records.jsonl');
  if (!file) return 'This is no crate of Bregma: it has no records.jsonl.';
  const rows = new Map<string, Row>();
  for (const [i, line] of new TextDecoder()
    .decode(await file())
    .split('\n')
    .entries()) {
    if (line === '') continue;
    const row = rowOf(line);
    if (!row) return `Line ${i + 1} of records.jsonl is no record.`;
    rows.set(row.hash.slice(0, 16), row);
  }
  return rows;
}

function rowOf(line: string): Row | undefined {
  try {
    const row = JSON.parse(line);
    const texts = ['kind', 'subject', 'at', 'body', 'previous', 'hash'].every((name) => typeof row[name] === 'string');
    return texts && Number.isInteger(row.seq) ? row : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the page shows what it showed when it was published; where not, which cells differ. */
async function shownFindings(seen: PageSeen, manifest: PageManifest): Promise<Finding[]> {
  if ((await sha256Of(seen.page)) === manifest.page)
    return [{ holds: true, says: 'This page shows what it showed when it was published.' }];
  const now = await Promise.all(seen.sections.map((section) => sha256Of(section)));
  const changed = manifest.cells.flatMap(({ name, section }, i) =>
    now[i] === section ? [] : [name ?? `cell ${i + 1}`],
  );
  const where = changed.length > 0 ? changed.join(', ') : 'outside of its cells';
  return [{ holds: false, says: `This page was changed after it was published: ${where}.` }];
}

async function recordFindings(
  { activity, manifest: text }: Publication,
  { cells }: PageManifest,
  rows: Map<string, Row>,
): Promise<Finding[]> {
  const changed = [];
  for (const row of rows.values())
    if ((await sha256Of(hashedText(row))) !== row.hash) changed.push(`record ${row.seq}`);
  const published = rows.get(idPart(activity));
  const answer = published && answerDigestOf(published);
  const shown = cells.filter(({ activity: one }) => one !== undefined);
  const missing = shown.filter(({ activity: one, record }) => rows.get(idPart(one ?? ''))?.hash !== record);
  return [
    changed.length === 0
      ? { holds: true, says: `${rows.size} records of the crate have the hashes that they had.` }
      : { holds: false, says: `Changed in the crate: ${changed.join(', ')}.` },
    answer === (await sha256Of(text))
      ? { holds: true, says: `The crate holds the record of this page, ${activity}.` }
      : { holds: false, says: `The crate does not hold the record of this page, ${activity}.` },
    missing.length === 0
      ? { holds: true, says: `It holds the records of all ${shown.length} results that the page shows.` }
      : {
          holds: false,
          says: `It does not hold the records of ${missing.map(({ activity: one }) => one).join(', ')} as this page was made from them.`,
        },
  ];
}

/** The part of a record's id that its hash begins with. */
const idPart = (id: string): string => id.slice(id.indexOf('-') + 1);

function answerDigestOf({ body }: Row): unknown {
  try {
    return JSON.parse(body).answerDigest;
  } catch {
    return undefined;
  }
}

async function objectFinding(crate: CrateFiles): Promise<Finding> {
  const changed = [];
  let objects = 0;
  for (const [file, read] of crate) {
    const digest = /^objects\/([0-9a-f]{64})\.\w+$/.exec(file)?.[1];
    if (!digest) continue;
    objects++;
    if ((await sha256Of(await read())) !== digest) changed.push(file);
  }
  return changed.length === 0
    ? { holds: true, says: `${objects} objects have the bytes that they are named by.` }
    : { holds: false, says: `Changed in the crate: ${changed.join(', ')}.` };
}
