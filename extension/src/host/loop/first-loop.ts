import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { runStart } from '../../loop/run-start.ts';
import { folderToWrite } from '../agents/may-write.ts';
import type { App } from '../app.ts';
import { say } from '../say.ts';

/** Runs the whole loop on the embedded recording, in this folder, and shows the verdict. */
export async function runFirstLoop(app: App): Promise<void> {
  const folder = folderToWrite(app, 'The first loop');
  if (!folder) return;
  const approval = await askForApproval();
  if (!approval) return;
  app.log.info(`first loop in ${folder.fsPath}, approved by: ${approval}`);
  const report = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Bregma', cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return runStart(app.places(), {
        approval,
        signal: controller.signal,
        onLine(line) {
          app.log.info(line);
          const heading = /^(\d) {2}(.*)/.exec(line);
          if (heading) progress.report({ message: heading[2], increment: 100 / 8 });
          else if (line.includes('waiting for a person')) progress.report({ message: line.trim() });
        },
      });
    },
  );
  const says = `Verdict: ${report.test.verdict}. ${report.test.reasons[0] ?? ''}`;
  const buttons = ['Open the Report', 'Trace the Verdict'];
  void vscode.window.showInformationMessage(says, ...buttons).then((chosen) => {
    if (chosen === buttons[0]) return openReport(app);
    if (chosen === buttons[1]) return vscode.commands.executeCommand('bregma.openProvenance', report.test.activity);
    return undefined;
  });
}

async function askForApproval(): Promise<'person' | 'demonstration' | undefined> {
  const chosen = await vscode.window.showQuickPick(
    [
      {
        label: '$(person) I approve it',
        detail: 'The loop waits at the experiment until you have looked at its plan and signed it.',
        approval: 'person' as const,
      },
      {
        label: '$(beaker) A demonstration key approves it',
        detail: 'Nobody is asked. The record and the report say that it was a demonstration.',
        approval: 'demonstration' as const,
      },
    ],
    {
      title: 'Who approves the experiment?',
      placeHolder:
        'No tool can approve: an approval is a signature over the plan. The subject here is a replayed recording.',
      ignoreFocusOut: true,
    },
  );
  return chosen?.approval;
}

/** Shows report.html of the folder. Nothing in it runs: it is drawn without scripts and loads nothing. */
export async function openReport({ folder }: App): Promise<void> {
  const file = folder && path.join(folder.fsPath, 'report.html');
  if (!file || !existsSync(file)) {
    return say('There is no report in this folder yet.', {
      'Run the First Loop': () => vscode.commands.executeCommand('bregma.runFirstLoop'),
    });
  }
  const html = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.file(file))).toString('utf8');
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`;
  const panel = vscode.window.createWebviewPanel('bregma.report', 'Bregma: Report', vscode.ViewColumn.Active, {
    enableScripts: false,
    localResourceRoots: [],
  });
  panel.webview.html = html.includes('<head>') ? html.replace('<head>', `<head>${policy}`) : policy + html;
}
