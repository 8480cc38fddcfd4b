import { CLIENT_INFO_META_KEY, type McpServer } from '@modelcontextprotocol/server';
import { memberOf } from '../members.ts';

/** Name and version that a client gave of itself, at most 120 characters: in the envelope of its request, or in its first message. */
export function clientName(server: McpServer, envelope: unknown): string {
  const info = memberOf(envelope, CLIENT_INFO_META_KEY) ?? server.server.getClientVersion();
  const [name, version] = [memberOf(info, 'name'), memberOf(info, 'version')];
  return name ? `${name} ${version ?? ''}`.trim().slice(0, 120) : 'unknown';
}
