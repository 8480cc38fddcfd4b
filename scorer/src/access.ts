import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { canonicalJson, sha256 } from '@bregma/core/canonical';
import type { Preflight } from '@bregma/core/contracts/score';
import type { ScorerAnswerTo, Tried } from '@bregma/core/contracts/scorer-call';
import type * as z from 'zod';
import { sealedNames } from './sealed-set.ts';

/** Preflights that are remembered; older ones are forgotten. */
const mostAsked = 1000;
/** What the system says of what cannot be opened. */
const refusals = new Set(['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR']);

/**
 * Judges whether a client's user could look into what the scorer keeps. The client tries to open it and says what came of it, and makes a file
 * by which the scorer sees who it is: what it says is believed against it alone.
 */
export class Gate {
  private readonly folder: string;
  private readonly asked = new Map<string, string[]>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** What the client is to try, and the name of the file that it makes. */
  ask(): ScorerAnswerTo<'preflight'> {
    const id = randomBytes(16).toString('hex');
    const [name] = sealedNames(this.folder);
    const own = [
      '',
      'key.pem',
      'secret',
      'log',
      'log/ledger.sqlite',
      'benchmarks',
      ...(name ? [`benchmarks/${name}/outcomes.npy`] : []),
    ];
    const memory =
      process.platform === 'linux' ? ['mem', 'environ', 'maps'].map((what) => `/proc/${process.pid}/${what}`) : [];
    const paths = [...own.map((place) => path.join(this.folder, place)), ...memory];
    this.asked.set(id, paths);
    for (const old of this.asked.keys()) if (this.asked.size > mostAsked) this.asked.delete(old);
    return { id, paths, mark: markOf(id) };
  }

  /** remote: the address that the client has, over a port. */
  judge(tried: z.infer<typeof Tried> | undefined, remote: string | undefined): Preflight {
    const paths = tried && this.asked.get(tried.id);
    if (tried) this.asked.delete(tried.id);
    const outcomes = new Map(tried?.outcomes.map(({ path, outcome }) => [path, outcome]));
    const refused = (paths ?? []).filter((place) => refusals.has(outcomes.get(place) ?? '')).length;
    const said = { tried: paths?.length ?? 0, refused, digest: sha256(canonicalJson(tried?.outcomes ?? [])) };
    const verdict = (access: Preflight['access'], why: string): Preflight => ({ access, why, ...said });
    if (remote && !isOwnAddress(remote)) return verdict('isolated', 'the client is on another host');
    if (!tried || !paths) return verdict('same-machine', 'the client tried nothing, or tried it for another score');
    if (refused < paths.length)
      return verdict('same-machine', `the client could open ${paths.length - refused} of ${paths.length} places`);
    const user = userOf(tried.mark, tried.id);
    if (user === undefined) return verdict('same-machine', 'the client did not show whose it is');
    if (user === 0) return verdict('same-machine', 'the client runs as root');
    if (user === process.getuid?.()) return verdict('same-machine', 'client and scorer are one user');
    return verdict('isolated', 'the client is another user, who could open nothing of the scorer');
  }
}

const markOf = (id: string) => `bregma-mark-${id}`;

/** Who owns the file that the client made; undefined when there is none of that name. */
function userOf(file: string, id: string): number | undefined {
  if (path.basename(file) !== markOf(id) || !path.isAbsolute(file)) return undefined;
  const [found, folder] = [file, path.dirname(file)].map((place) => lstatSync(place, { throwIfNoEntry: false }));
  if (!found?.isFile() || found.nlink !== 1 || !folder?.isDirectory() || !process.getuid) return undefined;
  // Whoever owns a folder can move another user's file into the place; not in one that keeps its members (`/tmp`).
  const keeps = (folder.mode & 0o1000) !== 0 && folder.uid === 0;
  return keeps || folder.uid === found.uid ? found.uid : undefined;
}

/** True for an address of this machine. */
function isOwnAddress(remote: string): boolean {
  const plain = remote.replace(/^::ffff:/, '');
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []);
  return /^127\.|^::1$/.test(plain) || own.includes(plain);
}
