import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { labWatches } from '../lab/lab-watch.ts';

/** The stop button in the status bar: there whenever an experiment runs, in whichever process. */
export const stopButton: Feature = {
  name: 'stopButton',
  activate(app) {
    const item = vscode.window.createStatusBarItem('bregma.stop', vscode.StatusBarAlignment.Left, 10_000);
    item.name = 'Bregma: Stop Experiment';
    const watches = labWatches(app);
    const runningBefore = new Set<string>();
    const draw = () => {
      const seen = watches.flatMap(({ folder, watch: { now } }) => (now ? [{ folder, ...now.experiments }] : []));
      const experiments = seen.flatMap(({ folder, experiments: rows }) => rows.map((row) => ({ folder, ...row })));
      const { killSwitch, folder: held } = seen.find((one) => one.killSwitch !== undefined) ?? {};
      const running = experiments.filter(({ state }) => state === 'running' || state === 'elsewhere');
      for (const { id, state, delivered, asked } of experiments) {
        if (state === 'interrupted' && runningBefore.has(id))
          void vscode.window.showWarningMessage(
            `The process that ran ${id} is gone. ${delivered ?? 0} of ${asked ?? 'unknown'} trials are kept; the experiment has no end and is no evidence.`,
          );
      }
      runningBefore.clear();
      for (const { id } of running) runningBefore.add(id);
      void vscode.commands.executeCommand('setContext', 'bregma.experimentRunning', running.length > 0);
      void vscode.commands.executeCommand('setContext', 'bregma.killSwitch', killSwitch !== undefined);
      if (running.length > 0) {
        const [{ folder, delivered, asked, stopping }] = running;
        const trials = `${delivered ?? 0} of ${asked ?? 'unknown'} trials`;
        const what = running.length === 1 ? `experiment (${trials})` : `${running.length} experiments`;
        item.text = stopping ? `$(loading~spin) Stopping ${what}` : `$(debug-stop) Stop ${what}`;
        item.tooltip = 'Stop before the next trial. What was measured is kept.';
        item.command = inFolder('bregma.stopExperiment', 'Stop', folder);
        item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
        item.accessibilityInformation = { label: `Stop ${what}`, role: 'button' };
        item.show();
      } else if (killSwitch !== undefined) {
        item.text = '$(debug-pause) Kill switch is on';
        item.tooltip = `${killSwitch}: no trial starts in this folder. Click to release it.`;
        item.command = inFolder('bregma.releaseKillSwitch', 'Release', held);
        item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
        item.accessibilityInformation = { label: 'Kill switch is on. Release it', role: 'button' };
        item.show();
      } else item.hide();
    };
    for (const { watch } of watches) app.context.subscriptions.push(watch.onChanged(draw), watch.onGone(draw));
    app.context.subscriptions.push(item);
  },
};

/** A command that works in this folder, whichever is shown. */
const inFolder = (command: string, title: string, folder: vscode.Uri | undefined): vscode.Command => ({
  command,
  title,
  arguments: folder && [{ resourceUri: folder }],
});
