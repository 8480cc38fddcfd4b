import { codeVersion } from '@bregma/core/version';
import * as vscode from 'vscode';
import { serverLaunch, serverNames } from '../../servers.ts';
import type { Feature } from '../app.ts';

/** Offers the three servers to the editor's own chat and to every extension that asks the editor for tools. */
export const mcpServers: Feature = {
  name: 'mcp-servers',
  activate({ context, folder, places, servers }) {
    const changed = new vscode.EventEmitter<void>();
    context.subscriptions.push(
      changed,
      vscode.workspace.onDidGrantWorkspaceTrust(() => changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration('bregma')) return;
        void servers.restart();
        changed.fire();
      }),
      vscode.lm.registerMcpServerDefinitionProvider('bregma.servers', {
        onDidChangeMcpServerDefinitions: changed.event,
        provideMcpServerDefinitions() {
          if (!folder || !vscode.workspace.isTrusted) return [];
          return serverNames.map((server) => {
            const { command, args, env } = serverLaunch(server, places());
            // The environment is part of the version: servers with new settings are started anew.
            const version = `${codeVersion} ${env.BREGMA_NATIVE_MODULES ?? ''} ${env.BREGMA_MIRROR ?? ''}`.trim();
            const definition = new vscode.McpStdioServerDefinition(`Bregma ${server}`, command, args, env, version);
            definition.cwd = folder;
            return definition;
          });
        },
      }),
    );
  },
};
