import { BregmaError } from '@bregma/core/errors';
import { type Address, addressOf } from './address.ts';
import { again, ask, bodyOf, mustBe, Passing } from './client.ts';

/** A file in the network, as its server tells of it. */
export interface RemoteFile {
  url: URL;
  /** Last part of its address, or of the path in its archive. */
  name: string;
  bytes: number;
  /** What changes when the file does: its ETag, or the time of its last change; undefined: the server says neither. */
  mark?: string;
  /** As the archive has published it. */
  sha256?: string;
  /** Its first bytes. */
  begin: Buffer;
  /** Whether parts of it can be asked for. */
  hasRanges: boolean;
}

const beginBytes = 2 ** 16;
const mostJson = 5e6;
/** Largest file of which anything is read. */
const mostBytes = 2 ** 45;

/** Finds a file and looks at its begin. Throws `bad-input`, `not-allowed`, `missing`. */
export async function findRemote(source: string, signal: AbortSignal): Promise<RemoteFile> {
  const address = addressOf(source);
  const { url, name, sha256 } =
    'lookUp' in address ? await lookUp(address, signal) : { url: address.url, ...named(address.url) };
  return again(source, signal, async () => {
    const answer = await ask(url, { range: `bytes=0-${beginBytes - 1}` }, signal);
    // An empty file has no first byte.
    if (answer.status === 416) throw new BregmaError('missing', `${source} is empty.`);
    mustBe(answer, [200, 206]);
    const { headers } = answer;
    const mark = markOf(headers);
    const range = rangeOf(headers['content-range']);
    if (answer.status === 206 && range?.from === 0) {
      const begin = await bodyOf(answer, beginBytes);
      if (begin.length !== Math.min(beginBytes, range.total)) throw new Passing('the answer broke off');
      if (range.total > mostBytes) throw new BregmaError('corrupt', `${source} claims ${range.total} bytes.`);
      return { url, name, bytes: range.total, mark, sha256, begin, hasRanges: true };
    }
    answer.body.destroy();
    const length = Number(headers['content-length'] ?? Number.NaN);
    return { url, name, bytes: length, mark, sha256, begin: Buffer.alloc(0), hasRanges: false };
  });
}

function named(url: URL): { name: string; sha256?: string } {
  const last = url.pathname.split('/').filter(Boolean).at(-1) ?? '';
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // it is no encoding: the name is as it stands
  }
  return { name: plain(name) };
}

/** A name that is one part of a path, whatever an address says. */
const plain = (name: string) =>
  name
    .replace(/[^\w.+ -]/g, '_')
    .replace(/^\.+/, '')
    .slice(-120) || 'file';

/** ETag, or time of the last change. A weak ETag says nothing of bytes. */
export function markOf(headers: Record<string, unknown>): string | undefined {
  const { etag, 'last-modified': changed } = headers;
  if (typeof etag === 'string' && !etag.startsWith('W/')) return etag;
  return typeof changed === 'string' ? changed : undefined;
}

/** What a Content-Range says: "bytes 0-99/1000". */
export function rangeOf(text: string | undefined): { from: number; to: number; total: number } | undefined {
  const [, from, to, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text ?? '') ?? [];
  return total === undefined ? undefined : { from: Number(from), to: Number(to), total: Number(total) };
}

/** Asks DANDI where an asset is, and for the digest that it has published. */
async function lookUp({ dandiset, version, path, lookUp: at }: Extract<Address, { lookUp: URL }>, signal: AbortSignal) {
  const missing = (why: string) =>
    new BregmaError('missing', `DANDI has no asset ${path} in ${dandiset}/${version}: ${why}.`, {
      next: 'Take the path as the archive shows it, and the version or "draft".',
    });
  const found = await again(at.href, signal, async () => {
    const answer = await ask(at, { accept: 'application/json' }, signal);
    mustBe(answer, [200]);
    return bodyOf(answer, mostJson);
  });
  let results: unknown;
  try {
    results = JSON.parse(found.toString('utf8')).results;
  } catch {
    throw missing('its answer is no JSON');
  }
  // SAFETY: every field is looked at before it is used.
  const assets = (Array.isArray(results) ? results : []) as {
    asset_id?: unknown;
    path?: unknown;
    metadata?: { digest?: Record<string, unknown> };
  }[];
  const asset = assets.find((one) => one.path === path);
  if (typeof asset?.asset_id !== 'string' || !/^[0-9a-f-]{36}$/.test(asset.asset_id)) throw missing('no path is that');
  const digest = asset.metadata?.digest?.['dandi:sha2-256'];
  const sha256 = typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
  return {
    url: new URL(`/api/assets/${asset.asset_id}/download/`, at),
    name: plain(path.split('/').at(-1) ?? ''),
    sha256,
  };
}
