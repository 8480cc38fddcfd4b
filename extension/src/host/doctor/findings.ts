import type { Finding } from '@bregma/core/contracts/doctor';
import { serverNames } from '@bregma/core/contracts/server-name';
import { codeVersion } from '@bregma/core/version';
import * as vscode from 'vscode';
import { nodeForAgents } from '../../agents/node-program.ts';
import { agentFindings } from '../../doctor/editor-findings.ts';
import { machineReport } from '../../doctor/machine-report.ts';
import type { App } from '../app.ts';

/** Everything that the doctor looks at, told as it is found. In an untrusted workspace nothing is started: it says so instead. */
export async function lookAround(app: App, tell: (found: Finding[]) => void): Promise<void> {
  const { folder } = app;
  tell([
    folder
      ? { id: 'folder', what: 'Folder', state: 'ok', detail: folder.fsPath }
      : { id: 'folder', what: 'Folder', state: 'missing', detail: 'no folder is open; records are kept in one' },
  ]);
  if (!folder) return;
  if (!vscode.workspace.isTrusted) {
    tell([
      {
        id: 'trust',
        what: 'Workspace trust',
        state: 'missing',
        detail: 'This workspace is not trusted: Bregma reads its records, starts nothing and writes nothing.',
        fix: 'Trust the workspace to check the rest.',
      },
      ...agentFindings(folder.fsPath),
    ]);
    return;
  }
  const places = app.places();
  const node = await nodeForAgents();
  tell([
    {
      id: 'agent-node',
      what: 'Node for agents',
      state: 'ok',
      detail: node.command === 'node' ? `node ${node.version} on the path` : `the editor’s own, ${node.version}`,
    },
    ...agentFindings(folder.fsPath),
  ]);
  try {
    tell((await machineReport(places)).findings);
  } catch (error) {
    tell([{ id: 'machine', what: 'This machine', state: 'missing', detail: messageOf(error) }]);
  }
  for (const server of serverNames) {
    const about = { id: `server.${server}`, what: `Server ${server}` };
    try {
      const tools = await app.servers.tools(server);
      tell([{ ...about, state: 'ok', detail: `starts, ${tools.length} tools: ${tools.join(', ')}` }]);
    } catch (error) {
      app.log.error(`doctor: ${server} ${codeVersion}: ${messageOf(error)}`);
      tell([{ ...about, state: 'missing', detail: `does not start: ${messageOf(error)}` }]);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] : String(error);
}
