import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ServerName, serverNames } from '@bregma/core/contracts/server-name';
import { longName } from '@bregma/core/server-names';
import type { ServerPlaces } from '../servers.ts';
import type { ServerEntries } from './config-format.ts';
import type { NodeProgram } from './node-program.ts';

/** The program that an agent's configuration names. It stays where it is when the extension is updated, and loads the server of now. */
const launcherOf = (storage: string, server: ServerName) => path.join(storage, 'servers', `${server}.mjs`);

function launcherText(server: ServerName, { extension, nativeModules, mirror }: ServerPlaces): string {
  const env = { BREGMA_NATIVE_MODULES: nativeModules, BREGMA_MIRROR: mirror };
  return [
    `// Starts the ${server} server of the Bregma extension, wherever that is installed. The extension keeps this file.`,
    ...Object.entries(env).flatMap(([name, value]) =>
      value ? [`process.env.${name} ??= ${JSON.stringify(value)};`] : [],
    ),
    `await import(${JSON.stringify(pathToFileURL(path.join(extension, 'servers', `${server}.mjs`)).href)});`,
    '',
  ].join('\n');
}

/** Writes the launchers into the extension's own storage. onlyIfThere: those that an agent may already name. */
export function writeLaunchers(storage: string, places: ServerPlaces, onlyIfThere = false): void {
  for (const server of serverNames) {
    const file = launcherOf(storage, server);
    const text = launcherText(server, places);
    const there = existsSync(file);
    if ((onlyIfThere && !there) || (there && readFileSync(file, 'utf8') === text)) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** What an agent's configuration says of the three servers. */
export function agentEntries(storage: string, workspace: string, node: NodeProgram): ServerEntries {
  return Object.fromEntries(
    serverNames.map((server) => [
      longName(server),
      {
        command: node.command,
        args: ['--disable-warning=ExperimentalWarning', launcherOf(storage, server), '--workspace', workspace],
        ...(node.env ? { env: node.env } : {}),
      },
    ]),
  );
}
