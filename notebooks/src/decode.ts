import { BregmaError } from '@bregma/core/errors';

/** The text of a notebook's file. Throws `bad-input` when it is no UTF-8. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BregmaError('bad-input', 'This file is not UTF-8 text; nothing was changed.', {
      next: 'Save it as UTF-8 with a text editor.',
    });
  }
}
