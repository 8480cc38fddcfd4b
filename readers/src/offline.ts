import childProcess from 'node:child_process';
import { Socket as DatagramSocket } from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Server, Socket } from 'node:net';

/**
 * Takes the network, names of hosts and other programs from this process for good: what parsers read cannot make Node's own modules
 * call. Native code is below this: `networkWall` holds that.
 */
export function closeNetwork(): void {
  close(Socket.prototype, ['connect']);
  close(Server.prototype, ['listen']);
  close(DatagramSocket.prototype, ['connect', 'send', 'bind']);
  const asking = /^(lookup|resolve|reverse|setServers)/;
  for (const asks of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
    close(
      asks,
      namesOf(asks).filter((name) => asking.test(name)),
    );
  close(childProcess, ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync']);
  close(childProcess.ChildProcess.prototype, ['spawn']);
  syncBuiltinESMExports();
}

/** All names of an object and what it inherits from, up to what every object has. */
function namesOf(given: object): string[] {
  const above: unknown = Object.getPrototypeOf(given);
  const inherited = typeof above === 'object' && above !== null && above !== Object.prototype ? namesOf(above) : [];
  return [...Object.getOwnPropertyNames(given), ...inherited];
}

function close(holder: object, names: string[]): void {
  const value = () => {
    throw new Error('This process has no network and starts no program.');
  };
  for (const name of names) Object.defineProperty(holder, name, { value, writable: false, configurable: false });
}
