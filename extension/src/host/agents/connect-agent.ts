import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import * as vscode from 'vscode';
import { type AgentClient, agentClients, entryNames } from '../../agents/agent-clients.ts';
import { type ConfigChange, planConnect, planDisconnect, sinceFirst, writeConfig } from '../../agents/config-file.ts';
import { agentEntries, writeLaunchers } from '../../agents/launchers.ts';
import { nodeForAgents } from '../../agents/node-program.ts';
import type { App } from '../app.ts';
import { sayMilestone } from '../milestone-contexts.ts';
import { folderToWrite } from './may-write.ts';
import { confirmChange } from './preview.ts';

const stateKey = (client: AgentClient) => `connected.${client.id}`;

/** Writes the three servers into a client's configuration, after the change was shown. True when they are there in the end. */
export async function connectAgent(app: App, id: AgentClient['id']): Promise<boolean> {
  const client = agentClients[id];
  const folder = folderToWrite(app, `Connecting ${client.title}`);
  if (!folder) return false;
  const file = client.file(folder.fsPath);
  refuseUnsaved(file);
  const storage = app.context.globalStorageUri.fsPath;
  const change = planConnect(file, client.format, agentEntries(storage, folder.fsPath, await nodeForAgents()));
  writeLaunchers(storage, app.places());
  if (change.after === change.before) {
    sayMilestone('agentConnected', true);
    void vscode.window.showInformationMessage(`${client.title} is connected already. ${client.afterwards}`);
    return true;
  }
  if (!(await confirmChange(app.context, change, `Connect ${client.title} to Bregma?`))) return false;
  writeConfig(change);
  const { workspaceState } = app.context;
  const earlier = workspaceState.get<ConfigChange>(stateKey(client));
  await workspaceState.update(stateKey(client), sinceFirst(change, earlier));
  sayMilestone('agentConnected', true);
  void vscode.window
    .showInformationMessage(`${client.title} is connected. ${client.afterwards}`, 'Undo', 'Open the File')
    .then(async (chosen) => {
      if (chosen === 'Undo') await disconnectAgent(app, id);
      if (chosen === 'Open the File') await vscode.window.showTextDocument(vscode.Uri.file(file));
    });
  return true;
}

/** Takes the servers out again: restores the bytes that were there, or removes the entries alone when the file has changed since. */
export async function disconnectAgent(app: App, id: AgentClient['id']): Promise<void> {
  const client = agentClients[id];
  const folder = folderToWrite(app, `Disconnecting ${client.title}`);
  if (!folder) return;
  const file = client.file(folder.fsPath);
  refuseUnsaved(file);
  const made = app.context.workspaceState.get<ConfigChange>(stateKey(client));
  const change = planDisconnect(file, client.format, entryNames, made);
  if (change.after === change.before) {
    void vscode.window.showInformationMessage(`${client.title} is not connected here: nothing to undo.`);
    return;
  }
  const restores = made !== undefined && made.after === change.before;
  if (!restores && !(await confirmChange(app.context, change, `Disconnect ${client.title} from Bregma?`))) return;
  writeConfig(change);
  await app.context.workspaceState.update(stateKey(client), undefined);
  void vscode.window.showInformationMessage(
    restores
      ? `${client.title} is disconnected: ${path.basename(file)} is as it was before.`
      : `${client.title} is disconnected: Bregma’s entries are removed from ${path.basename(file)}.`,
  );
}

function refuseUnsaved(file: string): void {
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => uri.fsPath === file && isDirty);
  if (open) {
    throw new BregmaError('conflict', `${path.basename(file)} has changes that are not saved.`, {
      next: 'Save or revert it, then run the command again.',
    });
  }
}
