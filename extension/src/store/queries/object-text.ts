import { closeSync, openSync, readSync } from 'node:fs';
import { BregmaError } from '@bregma/core/errors';
import { mediaTypeOf } from '@bregma/core/objects/media-type';
import { format } from 'jsonc-parser';
import type { ReadStore } from './query.ts';

/** Most bytes of an object that are shown as text. */
const most = 5_000_000;

/** An object to be read by a person. */
export interface ObjectText {
  mediaType: string;
  bytes: number;
  /** The text, or null when it is no text. JSON is indented. */
  text: string | null;
}

/** An object as text, checked against its digest when it is shown whole. Throws `missing`, `corrupt`, or `not-allowed` before its test. */
export function objectText({ objects }: ReadStore, digest: string): ObjectText {
  const bytes = objects.size(digest);
  if (bytes === undefined)
    throw new BregmaError('missing', `Object ${digest.slice(0, 12)}… is not in this workspace.`, {
      next: 'Run the activity that made it again, or copy .bregma/objects from the workspace that has it.',
    });
  objects.refuseClosed(digest);
  const mediaType = mediaTypeOf(objects.pathOf(digest));
  const content = bytes <= most ? objects.get(digest) : beginning(objects.pathOf(digest));
  const text = content.includes(0) ? null : content.toString('utf8');
  return { mediaType, bytes, text: text && bytes <= most ? indented(text, mediaType) : text };
}

function beginning(file: string): Buffer {
  const buffer = Buffer.alloc(most);
  const handle = openSync(file, 'r');
  try {
    return buffer.subarray(0, readSync(handle, buffer));
  } finally {
    closeSync(handle);
  }
}

function indented(text: string, mediaType: string): string {
  if (mediaType !== 'application/json') return text;
  // Parsing and writing it anew would round ids of 64 bits.
  const edits = format(text, undefined, { insertSpaces: true, tabSize: 2, eol: '\n' });
  const parts: string[] = [];
  let at = 0;
  for (const { offset, length, content } of edits) {
    parts.push(text.slice(at, offset), content);
    at = offset + length;
  }
  return parts.join('') + text.slice(at);
}
