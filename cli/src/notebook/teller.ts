/** Says on stderr how far a run is: a line a cell, and on a terminal how far the cell is. */
export class Teller {
  private shown = false;

  cell({ place, of, kind, name }: { place: number; of: number; kind: string; name?: string }): void {
    this.done();
    console.error(`[${place}/${of}] ${kind}${name ? ` ${name}` : ''}`);
  }

  progress({ progress, total, message = '' }: { progress: number; total?: number; message?: string }): void {
    if (!process.stderr.isTTY) return;
    const share = total ? `${Math.round((100 * progress) / total)} %` : `${Math.round(progress)}`;
    process.stderr.write(`\r\x1b[K${share} ${message.replace(/\p{Cc}+/gu, ' ').slice(0, 100)}`);
    this.shown = true;
  }

  /** Clears the line that is printed over. */
  done(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}
