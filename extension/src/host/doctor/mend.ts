import type { Finding } from '@bregma/core/contracts/doctor';
import * as vscode from 'vscode';
import { installNative } from '../../doctor/install-native.ts';
import { connectAgent } from '../agents/connect-agent.ts';
import type { App } from '../app.ts';
import { nativeFolder, placesChanged } from '../server-places.ts';

interface Mending {
  label: string;
  mend(app: App): unknown;
}

/** The button of a finding, or undefined where there is nothing to mend, or nothing that a button can. */
export function mendingOf({ id, state }: Finding): Mending | undefined {
  if (state === 'ok') return undefined;
  switch (id) {
    case 'folder':
      return { label: 'Open Folder…', mend: () => vscode.commands.executeCommand('vscode.openFolder') };
    case 'trust':
      return { label: 'Manage Trust…', mend: () => vscode.commands.executeCommand('workbench.trust.manage') };
    case 'duckdb':
    case 'onnx':
      return { label: 'Install', mend: installWithProgress };
    case 'mirror':
      return { label: 'Choose Folder…', mend: chooseMirror };
    case 'write':
      return { label: 'Open Another Folder…', mend: () => vscode.commands.executeCommand('vscode.openFolder') };
    case 'agent.claude-code':
      return { label: 'Connect…', mend: (app) => connectAgent(app, 'claude-code') };
    case 'agent.codex':
      return { label: 'Connect…', mend: (app) => connectAgent(app, 'codex') };
    default:
      return state === 'missing' ? { label: 'Show Log', mend: ({ log }) => log.show() } : undefined;
  }
}

/** Installs the native modules into the extension's storage. Servers that run are ended first: Windows keeps open files in place. */
async function installWithProgress(app: App): Promise<void> {
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: 'Installing native modules, about 500 MB on disk',
      cancellable: true,
    },
    async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      progress.report({ message: 'asking npm…' });
      await app.restart();
      await installNative({
        folder: nativeFolder(app.context),
        signal: controller.signal,
        onLine(line) {
          app.log.info(`npm: ${line}`);
          const fetched = (/\bcache ((?:@[^/@\s]+\/)?[^/@\s]+)@/.exec(line) ??
            /GET 200 \S+?\/((?:@[^/\s]+\/)?[^/\s]+)\/-\//.exec(line))?.[1];
          if (fetched) progress.report({ message: `fetched ${fetched}` });
        },
      });
      placesChanged.fire();
    },
  );
}

async function chooseMirror(): Promise<void> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      title: 'Folder with copies of public data sets',
      openLabel: 'Use as Mirror',
    })) ?? [];
  if (chosen)
    await vscode.workspace
      .getConfiguration('bregma')
      .update('mirror', chosen.fsPath, vscode.ConfigurationTarget.Global);
}
