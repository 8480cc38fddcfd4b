import { CLIENT_INFO_META_KEY, type McpServer, type ServerContext } from '@modelcontextprotocol/server';

/** Name and version that a client gave of itself, at most 120 characters: of its request, or of its first message. */
export function clientName(server: McpServer, context: ServerContext): string {
  // SAFETY: the envelope is read as received; both members are optional here and only ever printed.
  const envelope = context.mcpReq.envelope as Record<string, unknown> | undefined;
  const modern = envelope?.[CLIENT_INFO_META_KEY] as { name?: string; version?: string } | undefined;
  const info = modern ?? server.server.getClientVersion();
  return info?.name ? `${info.name} ${info.version ?? ''}`.trim().slice(0, 120) : 'unknown';
}
