import { Socket as DatagramSocket } from 'node:dgram';
import { Server, Socket } from 'node:net';

/**
 * Takes the network from this process for good: what parsers read cannot make them call. DuckDB has none without its extensions,
 * which are neither installed nor loaded.
 */
export function closeNetwork(): void {
  const refuse = () => {
    throw new Error('This process has no network.');
  };
  const closed = { value: refuse, writable: false, configurable: false };
  Object.defineProperty(Socket.prototype, 'connect', closed);
  Object.defineProperty(Server.prototype, 'listen', closed);
  for (const name of ['connect', 'send', 'bind']) Object.defineProperty(DatagramSocket.prototype, name, closed);
}
