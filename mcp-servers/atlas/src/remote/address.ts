import { allowedHosts } from '@bregma/core/allowed-hosts';
import { BregmaError } from '@bregma/core/errors';
import { registry } from '../sources/registry.ts';

/** Whether a source names something in the network. */
export const isRemote = (source: string): boolean => /^(https?|s3|dandi):\/\//i.test(source);

/** Where DANDI answers what lies under a path of a version. */
const dandiApi = 'https://api.dandiarchive.org/api';

/** What an address is asked for: a file, or where in DANDI a file is. */
export type Address = { url: URL } | { dandiset: string; version: string; path: string; lookUp: URL };

/** Reads an address: https://…, s3://bucket/key (as anybody, from its endpoint), dandi://DANDISET/VERSION/PATH. Throws `bad-input`. */
export function addressOf(source: string): Address {
  const fail = (next: string) =>
    new BregmaError('bad-input', `${source.slice(0, 200)} is no address that can be read.`, { next });
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/i.exec(source) ?? [];
  // A bucket with points in its name has no certificate of its own.
  if (bucket?.includes('.')) return { url: new URL(`https://s3.amazonaws.com/${bucket}/${keyPath(key)}`) };
  if (bucket) return { url: new URL(`https://${bucket}.s3.amazonaws.com/${keyPath(key)}`) };
  const [, dandiset, version, path] = /^dandi:\/\/(\d{6})\/(draft|[\d.]+)\/(.+)$/i.exec(source) ?? [];
  if (dandiset) {
    const lookUp = new URL(`${dandiApi}/dandisets/${dandiset}/versions/${version}/assets/`);
    lookUp.searchParams.set('path', path);
    lookUp.searchParams.set('metadata', 'true');
    return { dandiset, version, path, lookUp };
  }
  if (!/^https?:/i.test(source) || !URL.canParse(source))
    throw fail('Write https://host/file, s3://bucket/key, or dandi://000006/0.220126.1855/path/of/asset.nwb.');
  const url = new URL(source);
  if (url.username || url.password) throw fail('Leave name and password out: what is read is what anybody may read.');
  url.hash = '';
  return { url };
}

const keyPath = (key: string) => key.split('/').map(encodeURIComponent).join('/');

/** The hosts of registered data sets. */
const registered = () =>
  new Set(
    registry.flatMap(({ files }) =>
      files.flatMap(({ origin }) => (URL.canParse(origin) ? [new URL(origin).origin] : [])),
    ),
  );

/**
 * Whether a server may read from this address, and whether its host may be one of the person's own network: a person named that very
 * address or `localhost`. Throws `not-allowed` with the command that allows it.
 */
export function mayRead(url: URL): { mayBePrivate: boolean } {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new BregmaError('not-allowed', `${url.protocol}// is not read from the network.`);
  const own = allowedHosts();
  const isOwn = own.includes(url.origin);
  if (isOwn || (url.protocol === 'https:' && registered().has(url.origin)))
    return { mayBePrivate: isOwn && /^(localhost|[\d.]+|\[[0-9a-f:.]+\])$/i.test(url.hostname) };
  throw new BregmaError('not-allowed', `${url.origin} is no host that may be read from.`, {
    next: `A person can allow it: bregma allow ${url.origin} (or BREGMA_ALLOW_HOSTS).`,
    fields: { id: url.origin },
  });
}
