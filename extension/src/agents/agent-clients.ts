import path from 'node:path';
import { serverNames } from '@bregma/core/contracts/server-name';
import { longName } from '@bregma/core/server-names';
import { codexToml } from './codex-toml.ts';
import type { ConfigFormat } from './config-format.ts';
import { mcpJson } from './mcp-json.ts';

/** A coding agent's client that keeps its MCP servers in a file of the folder. */
export interface AgentClient {
  id: 'claude-code' | 'codex';
  title: string;
  format: ConfigFormat;
  file(folder: string): string;
  /** What a person still has to do in the client itself. */
  afterwards: string;
}

export const agentClients: Record<AgentClient['id'], AgentClient> = {
  'claude-code': {
    id: 'claude-code',
    title: 'Claude Code',
    format: mcpJson,
    file: (folder) => path.join(folder, '.mcp.json'),
    afterwards: 'Start `claude` in this folder and approve the three servers once.',
  },
  codex: {
    id: 'codex',
    title: 'Codex',
    format: codexToml,
    file: (folder) => path.join(folder, '.codex', 'config.toml'),
    afterwards: 'Start `codex` in this folder and trust it once: Codex reads a folder’s configuration only then.',
  },
};

/** Names of the servers in every client. */
export const entryNames = serverNames.map(longName);
