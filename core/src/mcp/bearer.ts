import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../canonical.ts';

/** The token that HTTP clients must send: from `BREGMA_TOKEN`, else kept in `.bregma/http-token`, readable by its owner alone. */
export function bearerToken(folder: string): string {
  if (process.env.BREGMA_TOKEN) return process.env.BREGMA_TOKEN;
  const file = path.join(folder, 'http-token');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/** True when the Authorization header carries the token. Takes the same time whatever the header holds. */
export function isAuthorised(header: string | undefined, token: string): boolean {
  const given = /^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(Buffer.from(sha256(given)), Buffer.from(sha256(token)));
}
