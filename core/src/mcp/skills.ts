import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SkillCatalog } from '@modelcontextprotocol/server/ext/skills';
import { loadSkills } from '@modelcontextprotocol/server/ext/skills/node';

/** Folders where `skills/<server>` may lie, seen from a bundle (`servers/`, beside `skills/`) and from the source tree. */
function candidates(server: string): string[] {
  const here = path.dirname(fileURLToPath(import.meta.url));
  return ['../skills', '../../skills', '../../../skills'].map((up) => path.resolve(here, up, server));
}

/** The workflows that belong to a server (`atlas`, `twin`, `lab`), from the folder that also ships as a plugin. */
export async function shippedSkills(server: string): Promise<SkillCatalog | undefined> {
  const folder = candidates(server).find((candidate) => existsSync(candidate));
  return folder ? loadSkills(folder) : undefined;
}
