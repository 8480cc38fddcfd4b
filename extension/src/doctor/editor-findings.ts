import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '@bregma/core/contracts/doctor';
import { memberOf } from '@bregma/core/members';
import { agentClients } from '../agents/agent-clients.ts';
import { readConfig } from '../agents/config-file.ts';

/** Whether each agent's client knows the three servers of this folder, and whether what it would start is still there. */
export function agentFindings(folder: string): Finding[] {
  return Object.values(agentClients).map(({ id, title, format, file }) => {
    const about = { id: `agent.${id}`, what: title };
    try {
      const text = readConfig(file(folder));
      const entries = text === undefined ? {} : format.read(text.replace(/^\ufeff/, ''));
      const own = Object.entries(entries).filter(([name]) => name.startsWith('bregma-'));
      const where = path.relative(folder, file(folder));
      if (own.length === 0) return { ...about, state: 'optional', detail: 'not connected in this folder' };
      const lost = own.find(([, entry]) => !programsExist(entry));
      if (lost) return { ...about, state: 'missing', detail: `${lost[0]} in ${where} names a program that is gone` };
      return { ...about, state: 'ok', detail: `${own.length} servers in ${where}` };
    } catch (error) {
      return { ...about, state: 'missing', detail: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** True unless an absolute path that the entry starts, or a program that it passes to Node, is not there. */
function programsExist(entry: unknown): boolean {
  const [command, args] = [memberOf(entry, 'command'), memberOf(entry, 'args')];
  const named = [command, ...(Array.isArray(args) ? args.filter((arg) => /\.mjs$/.test(String(arg))) : [])];
  return named.every((name) => typeof name !== 'string' || !path.isAbsolute(name) || existsSync(name));
}
