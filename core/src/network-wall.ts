import { spawnSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';

/** What keeps a process from the network below its own program: a namespace of Linux, a sandbox of macOS. */
export interface NetworkWall {
  by: 'namespace' | 'sandbox';
  /** The program that starts another one behind the wall, and its arguments. */
  command: string[];
}

const places = ['/usr/bin/unshare', '/bin/unshare', '/usr/local/bin/unshare', '/run/current-system/sw/bin/unshare'];
/** As the same user, who then has no capability there; where that is not known (BusyBox), as its root. unshare(1). */
const manners = [
  ['--map-current-user', '--net'],
  ['-r', '-n'],
];
const sandbox = ['/usr/bin/sandbox-exec', '-p', '(version 1)(allow default)(deny network*)'];

let found: { wall?: NetworkWall } | undefined;

/**
 * The wall that this system can put before a process, tried once: undefined where it has none or forbids it (Windows, containers
 * whose rules allow no user namespaces), and then the network is closed by the program alone (`closeNetwork`).
 */
export function networkWall(): NetworkWall | undefined {
  found ??= {
    wall: process.platform === 'linux' ? namespace() : process.platform === 'darwin' ? seatbelt() : undefined,
  };
  return found.wall;
}

/** A user and a network namespace: it has no interface that is up, so that native code too reaches no address and no abstract socket. */
function namespace(): NetworkWall | undefined {
  const [program] = places.filter((place) => existsSync(place));
  if (program === undefined) return undefined;
  const own = readlinkSync('/proc/self/ns/net');
  const link = ['/usr/bin/readlink', '/bin/readlink', '/run/current-system/sw/bin/readlink'].find((one) =>
    existsSync(one),
  );
  for (const manner of link ? manners : []) {
    const { status, stdout } = spawnSync(program, [...manner, String(link), '/proc/self/ns/net'], { encoding: 'utf8' });
    if (status === 0 && /^net:\[\d+\]\s*$/.test(stdout) && stdout.trim() !== own)
      return { by: 'namespace', command: [program, ...manner] };
  }
  return undefined;
}

function seatbelt(): NetworkWall | undefined {
  const [program, ...rest] = sandbox;
  if (!existsSync(program)) return undefined;
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { status } = spawnSync(program, [...rest, process.execPath, '-e', ''], { env });
  return status === 0 ? { by: 'sandbox', command: sandbox } : undefined;
}
