import * as vscode from 'vscode';

/** How far work has come: `done` of `total` in its own unit, and a word. */
export interface Progress {
  done: number;
  total?: number;
  message?: string;
}

/** What ends sooner shows no progress: VS Code shows no more than three notifications in 800 ms, and the fourth may be the result. */
const quietMs = 700;

/** Runs work with a notification that tells its progress and can cancel it. undefined: it was cancelled. */
export async function longWork<Result>(
  title: string,
  work: (signal: AbortSignal, report: (progress: Progress) => void) => Promise<Result>,
): Promise<Result | undefined> {
  const controller = new AbortController();
  let latest: Progress | undefined;
  let show = (_: Progress) => {};
  const running = work(controller.signal, (progress) => {
    latest = progress;
    show(progress);
  });
  try {
    if (await endsWithin(running, quietMs)) return await running;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return await vscode.window.withProgress(options, (bar, token) => {
      token.onCancellationRequested(() => controller.abort());
      let shown = 0;
      show = ({ done, total, message }) => {
        const percent = total ? (100 * done) / total : shown;
        const says = total ? `${done} of ${total} ${message ?? ''}` : message;
        bar.report({ message: says, increment: Math.max(0, percent - shown) });
        shown = Math.max(shown, percent);
      };
      if (latest) show(latest);
      return running;
    });
  } catch (error) {
    if (controller.signal.aborted) return undefined;
    throw error;
  }
}

async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
