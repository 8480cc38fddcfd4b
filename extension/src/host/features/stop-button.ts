import * as vscode from 'vscode';
import type { Feature } from '../app.ts';
import { labWatch } from '../lab/lab-watch.ts';

/** The stop button in the status bar: there whenever an experiment runs, in whichever process. */
export const stopButton: Feature = {
  name: 'stopButton',
  activate(app) {
    const item = vscode.window.createStatusBarItem('bregma.stop', vscode.StatusBarAlignment.Left, 10_000);
    item.name = 'Bregma: Stop Experiment';
    const runningBefore = new Set<string>();
    labWatch(app).onChanged(({ experiments: { experiments, killSwitch } }) => {
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
        const [{ delivered, asked, stopping }] = running;
        const trials = `${delivered ?? 0} of ${asked ?? 'unknown'} trials`;
        const what = running.length === 1 ? `experiment (${trials})` : `${running.length} experiments`;
        item.text = stopping ? `$(loading~spin) Stopping ${what}` : `$(debug-stop) Stop ${what}`;
        item.tooltip = 'Stop before the next trial. What was measured is kept.';
        item.command = 'bregma.stopExperiment';
        item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
        item.accessibilityInformation = { label: `Stop ${what}`, role: 'button' };
        item.show();
      } else if (killSwitch !== undefined) {
        item.text = '$(debug-pause) Kill switch is on';
        item.tooltip = `${killSwitch}: no trial starts in this folder. Click to release it.`;
        item.command = 'bregma.releaseKillSwitch';
        item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
        item.accessibilityInformation = { label: 'Kill switch is on. Release it', role: 'button' };
        item.show();
      } else item.hide();
    });
    app.context.subscriptions.push(item);
  },
};
