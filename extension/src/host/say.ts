import * as vscode from 'vscode';

const { showErrorMessage, showInformationMessage, showWarningMessage } = vscode.window;
const shows = { information: showInformationMessage, warning: showWarningMessage, error: showErrorMessage };

/**
 * Says something, with buttons that act when they are pressed, and goes on: a command has ended when its work has, not when
 * somebody has closed what it said.
 */
export function say(
  message: string,
  buttons: Record<string, () => unknown> = {},
  level: keyof typeof shows = 'information',
): void {
  void shows[level]<string>(message, ...Object.keys(buttons)).then((pressed) => pressed && buttons[pressed]());
}
