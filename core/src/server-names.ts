import { type ServerName, serverNames } from './contracts/server-name.ts';
import { BregmaError, unknownName } from './errors.ts';
import { nearest } from './nearest.ts';

/** A server as clients and records name it: `bregma-atlas`. */
export const longName = (server: ServerName): string => `bregma-${server}`;

/** Parses `atlas`, `twin`, `lab`, or the long form `bregma-atlas`. Throws `bad-input`, or `unknown-name` with what is near. */
export function parseServerName(text: string | undefined): ServerName {
  if (text === undefined) throw new BregmaError('bad-input', 'Name a server: atlas, twin or lab.');
  const found = serverNames.find((name) => name === text || longName(name) === text);
  if (found) return found;
  throw unknownName('server', text.slice(0, 60), nearest(text, serverNames));
}
