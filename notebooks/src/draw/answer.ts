import type { Answer } from '@bregma/core/contracts/answer';
import { BregmaError } from '@bregma/core/errors';
import type { LedgerRecord } from '@bregma/core/ledger/records';
import { parseNpy } from '@bregma/core/npy';
import type { ObjectStore } from '@bregma/core/objects/objects';
import type { ToolCall } from '@bregma/webviews/kit/answer';
import type { Caption } from '@bregma/webviews/kit/caption';

/** What an activity answered, whole: from its record or from the object that keeps it. Throws when it did not succeed. */
export function answerOf({ id, body }: LedgerRecord<'activity'>, objects: ObjectStore): Answer {
  if (body.status !== 'ok')
    throw new BregmaError('failed', body.error?.message ?? `${body.tool} ended as '${body.status}'.`, {
      next: 'Run the cell again.',
    });
  const answer = body.answer ?? JSON.parse(objects.get(body.answerObject ?? '').toString('utf8'));
  // SAFETY: the call path wrote it, and the object's digest was checked when it was read.
  return { ...(answer as Answer), activity: id };
}

/** A recorded call as views are made of it, with what its answer names read from the store. */
export function callOf({ body }: LedgerRecord<'activity'>, answer: Answer, objects: ObjectStore): ToolCall {
  const object = (uri: string) => objects.get(uri.replace('bregma://object/', ''));
  return {
    tool: body.tool,
    // SAFETY: the call path parsed them.
    arguments: (body.arguments ?? {}) as Record<string, unknown>,
    answer,
    read: async (uri) => JSON.parse(object(uri).toString('utf8')),
    bytes: async (uri) => object(uri),
    array: async (uri) => {
      const { data } = parseNpy(object(uri));
      return data instanceof Float32Array ? data : Float64Array.from(data, Number);
    },
  };
}

/** What stands under the picture of an answer. */
export function captionOf(answer: Answer, title: string): Caption {
  const { kind, n, uncertainty, completeness, release, licence, cite, activity } = answer;
  return { title, kind, n, uncertainty, completeness, release, licence, cite, activity };
}
