import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from './errors.ts';
import { settingsFolder } from './reading-policy.ts';

const listOf = (environment?: NodeJS.ProcessEnv) => path.join(settingsFolder(environment), 'allowed-hosts');

/** Whether a text names a host as `bregma allow` takes it. */
export const isHost = (text: string): boolean => /^https?:\/\//i.test(text);

/** Hosts that a person allowed servers to read from (`bregma allow https://host`, `BREGMA_ALLOW_HOSTS`), as origins: https://host, with the port where it is another. */
export function allowedHosts(environment: NodeJS.ProcessEnv = process.env): string[] {
  const list = listOf(environment);
  const kept = existsSync(list) ? readFileSync(list, 'utf8').split('\n') : [];
  const said = (environment.BREGMA_ALLOW_HOSTS ?? '').split(/[\s,]+/);
  return [...kept, ...said].filter(isHost).flatMap((one) => (URL.canParse(one) ? [new URL(one).origin] : []));
}

/** Allows a host from now on. Returns its origin. Throws `bad-input` when the text is no address of one. */
export function allowHost(text: string, environment?: NodeJS.ProcessEnv): string {
  const url = isHost(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username || url.password)
    throw new BregmaError('bad-input', `${text} is no host.`, { next: 'Name it as https://data.example.org.' });
  if (allowedHosts(environment).includes(url.origin)) return url.origin;
  mkdirSync(settingsFolder(environment), { recursive: true, mode: 0o700 });
  appendFileSync(listOf(environment), `${url.origin}\n`, { mode: 0o600 });
  return url.origin;
}
