import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { BregmaError } from '@bregma/core/errors';

/** True when a person can be asked: both ends are a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Throws `not-allowed`, with what it is that needs a person, when nobody can be asked. */
export function mustBeAsked(what: string): void {
  if (canAsk()) return;
  throw new BregmaError('not-allowed', what, {
    next: 'Run it in a terminal, or sign in the editor; bregma approve --demo is for demonstrations.',
  });
}

/** Asks one question on stderr, so that stdout stays for results. hidden: what is typed is not shown. */
export async function ask(question: string, options: { hidden?: boolean } = {}): Promise<string> {
  let muted = false;
  const output = new Writable({
    write(chunk, encoding, done) {
      // SAFETY: a Writable names one of these; its types say a text.
      if (!muted) process.stderr.write(chunk, encoding as BufferEncoding);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = lines.question(question);
    muted = options.hidden ?? false;
    return (await answer).trim();
  } finally {
    lines.close();
    if (options.hidden) process.stderr.write('\n');
  }
}
