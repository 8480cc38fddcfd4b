/** Tells a person what the loop does, on stderr: one line a step, with progress where there is a terminal. */
export class Narrator {
  private readonly started = performance.now();
  private readonly live = process.stderr.isTTY === true;
  private shown = false;

  /** A chapter of the loop. */
  heading(text: string): void {
    this.clear();
    process.stderr.write(`\n${this.live ? `\x1b[1m${text}\x1b[0m` : text}\n`);
  }

  say(text: string): void {
    this.clear();
    process.stderr.write(`  ${text}\n`);
  }

  /** For a tool's progress notifications. */
  progress = ({ progress, total, message }: { progress: number; total?: number; message?: string }): void => {
    if (!this.live) return;
    const share = total ? ` ${Math.min(100, Math.round((100 * progress) / total))} %` : '';
    process.stderr.write(`\r\x1b[K  … ${message ?? ''}${share}`);
    this.shown = true;
  };

  seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}
