import { appendFileSync, existsSync, mkdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { BregmaError } from './errors.ts';
import { codeOf } from './storage.ts';

/**
 * What a server may read: the workspace, the folders that a person allowed (`bregma allow DIR`, `BREGMA_ALLOW`) and the mirror; never
 * `.bregma`, a person's settings and keys, devices, pipes, sockets or what the system shows of processes. Real paths are compared, so a symbolic link reaches
 * an allowed place alone.
 */
export interface ReadingPolicy {
  workspace: string;
  /** Further folders, absolute. */
  allowed: string[];
}

/** The policy as `--help` says it. */
export const whatIsRead = `Data are read from files below the workspace, below folders that you allow (bregma allow DIR, or BREGMA_ALLOW), below
BREGMA_MIRROR, and from what comes with Bregma; never from .bregma, your settings and keys, devices, pipes or /proc. Real paths are
compared: a symbolic link reaches an allowed place alone. From the network they are read from hosts that you allow (bregma allow
https://HOST, or BREGMA_ALLOW_HOSTS) and from those of registered data sets.`;

/** The person's own folder of settings, outside every workspace. */
export function settingsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.BREGMA_CONFIG) return path.resolve(environment.BREGMA_CONFIG);
  if (process.platform === 'win32')
    return path.join(environment.APPDATA ?? path.join(homedir(), 'AppData/Roaming'), 'bregma');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library/Application Support/bregma');
  return path.join(environment.XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'bregma');
}

const listOf = (environment?: NodeJS.ProcessEnv) => path.join(settingsFolder(environment), 'allowed-folders');

/** Folders that a person allowed with `bregma allow`. */
export function allowedFolders(environment?: NodeJS.ProcessEnv): string[] {
  const list = listOf(environment);
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8').split('\n').filter(Boolean);
}

/** Allows a folder from now on. Returns its real path. Throws `bad-input` when it is none. */
export function allowFolder(folder: string, environment?: NodeJS.ProcessEnv): string {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new BregmaError('bad-input', `${folder} is no folder.`, { next: 'Name a folder that exists.' });
  const real = realpathSync(folder);
  if (real.includes('\n')) throw new BregmaError('bad-input', 'The name of that folder has a line break in it.');
  if (allowedFolders(environment).includes(real)) return real;
  mkdirSync(settingsFolder(environment), { recursive: true, mode: 0o700 });
  appendFileSync(listOf(environment), `${real}\n`, { mode: 0o600 });
  return real;
}

/** The policy for a workspace, as environment and settings say now. */
export function readingPolicy(workspace: string, environment: NodeJS.ProcessEnv = process.env): ReadingPolicy {
  const listed = (environment.BREGMA_ALLOW ?? '').split(path.delimiter).filter(Boolean);
  const mirror = environment.BREGMA_MIRROR ? [environment.BREGMA_MIRROR] : [];
  return { workspace, allowed: [...listed, ...allowedFolders(environment), ...mirror].map((one) => path.resolve(one)) };
}

const systemFolders = ['/proc', '/sys', '/dev', '/run'];

/**
 * The file or folder that a person or agent names, if the policy lets it be read; one that is not there is told by the place where it
 * would be. Throws `not-allowed` with what a person can do, `bad-input` for what is neither file nor folder.
 */
export function readable(file: string, { workspace, allowed }: ReadingPolicy): { file: string; stats?: Stats } {
  const real = realPath(file);
  const [records, settings] = neverRead({ workspace, allowed });
  if (isWithin(real, records))
    throw new BregmaError('not-allowed', `${file} belongs to the records in .bregma, which are not read as data.`, {
      next: 'Name the data set or object by its id.',
    });
  if (isWithin(real, settings))
    throw new BregmaError(
      'not-allowed',
      `${file} belongs to a person's own settings and keys, which are not read as data.`,
    );
  const stats = statsOf(real, file);
  if (systemFolders.some((folder) => isWithin(real, folder)) || (stats && !stats.isFile() && !stats.isDirectory()))
    throw new BregmaError('not-allowed', `${file} is ${kindOf(stats)}: regular files and folders are read.`, {
      next: 'Copy what it holds into a file of the workspace.',
    });
  if (![workspace, ...allowed].some((folder) => isWithin(real, realPath(folder))))
    throw new BregmaError('not-allowed', `${file} lies outside the folders that may be read.`, {
      next: `A person can allow its folder: bregma allow ${quoted(path.dirname(real))} (or BREGMA_ALLOW). Files of the workspace are always read.`,
    });
  return { file, stats };
}

/** What no policy lets be read, though it may lie below a folder that one does: the records, and a person's settings and keys. Real paths. */
export const neverRead = ({ workspace }: ReadingPolicy): string[] => [
  path.join(realPath(workspace), '.bregma'),
  realPath(settingsFolder()),
];

/** Throws `bad-input` for a name that leads nowhere, and `not-allowed` for what this user may not look at. */
function statsOf(real: string, named: string): Stats | undefined {
  try {
    return statSync(real, { throwIfNoEntry: false });
  } catch (error) {
    const code = codeOf(error);
    const name = named.length > 200 ? `${named.slice(0, 200)}…` : named;
    if (code === 'ENAMETOOLONG')
      throw new BregmaError('bad-input', `${name} is too long for the name of a file.`, { next: 'Name a file.' });
    if (code === 'ELOOP')
      throw new BregmaError('bad-input', `${name} is a link that leads round in a circle.`, { next: 'Name the file.' });
    throw new BregmaError('not-allowed', `${name} cannot be looked at (${code}).`, {
      next: 'A person can change its permissions, or copy it into the workspace.',
    });
  }
}

const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The real path; where the end of it does not exist, that of the part that does, with the rest behind it. */
function realPath(file: string): string {
  const absolute = path.resolve(file);
  try {
    return realpathSync(absolute);
  } catch {
    const above = path.dirname(absolute);
    return above === absolute ? absolute : path.join(realPath(above), path.basename(absolute));
  }
}

function isWithin(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative));
}

function kindOf(stats: Stats | undefined): string {
  if (stats?.isFIFO()) return 'a pipe';
  if (stats?.isSocket()) return 'a socket';
  if (stats?.isCharacterDevice() || stats?.isBlockDevice()) return 'a device';
  return 'a place of the system';
}
