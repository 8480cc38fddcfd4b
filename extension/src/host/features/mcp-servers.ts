import { serverNames } from '@bregma/core/contracts/server-name';
import { codeVersion } from '@bregma/core/version';
import * as vscode from 'vscode';
import { serverLaunch } from '../../servers.ts';
import type { Feature } from '../app.ts';
import { placesChanged } from '../server-places.ts';

/** Offers the three servers to the editor's own chat and to every extension that asks the editor for tools. */
export const mcpServers: Feature = {
  name: 'mcp-servers',
  activate({ context, folders, at, restart }) {
    context.subscriptions.push(
      placesChanged,
      placesChanged.event(() => void restart()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => placesChanged.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const said = ['bregma.nativeModules', 'bregma.mirror'].some((name) => event.affectsConfiguration(name));
        if (said) placesChanged.fire();
      }),
      vscode.lm.registerMcpServerDefinitionProvider('bregma.servers', {
        onDidChangeMcpServerDefinitions: placesChanged.event,
        provideMcpServerDefinitions() {
          if (!vscode.workspace.isTrusted) return [];
          const several = folders().length > 1;
          return folders().flatMap((folder) =>
            serverNames.map((server) => {
              const { command, args, env } = serverLaunch(server, at(folder).places());
              // The environment is part of the version: servers with new settings are started anew.
              const version = `${codeVersion} ${env.BREGMA_NATIVE_MODULES ?? ''} ${env.BREGMA_MIRROR ?? ''}`.trim();
              const definition = new vscode.McpStdioServerDefinition(
                label(server, several ? folder : undefined),
                command,
                args,
                env,
                version,
              );
              definition.cwd = folder;
              return definition;
            }),
          );
        },
      }),
    );
  },
};

/** Where there are several folders a server says whose records it works on. */
const label = (server: string, folder: vscode.Uri | undefined) =>
  folder ? `Bregma ${server} (${vscode.workspace.getWorkspaceFolder(folder)?.name})` : `Bregma ${server}`;
