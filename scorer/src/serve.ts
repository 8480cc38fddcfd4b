import type { ScorerCall, ScorerCallOf } from '@bregma/core/contracts/scorer-call';
import { ScorerCalls } from '@bregma/core/contracts/scorer-call';
import { type Asker, type Place, type Served, serveCalls } from '@bregma/core/service/serve';
import { scorerService } from '@bregma/core/service/service';
import { ScorerBook } from './book.ts';
import { Scorer, type ScorerParts } from './scorer.ts';

/** Largest body, bytes: a network of 48 MB in base64. */
const largestBody = 64_000_000;
/** Answers leave at whole numbers of this, counted from their asking, ms: how long one took tells little of what it was. */
export const tickMs = 250;

/** How long an answer that took so long waits for the next tick, ms. */
export const untilTick = (tookMs: number): number => tickMs - (tookMs % tickMs);

/** Answers whoever has the token of a person that was let in. */
export async function serveScorer(folder: string, place: Place, parts: ScorerParts): Promise<Served> {
  const book = new ScorerBook(folder);
  const scorer = new Scorer(book, parts);
  const served = await serveCalls(
    {
      service: scorerService,
      calls: ScorerCalls,
      largestBody,
      authorise: (header) => book.whoSends(header),
      answer: (name, call, asker) => atTick(() => answerCall(scorer, name, call, asker)),
    },
    place,
  );
  return {
    ...served,
    async close() {
      await served.close();
      book.close();
    },
  };
}

/** Gives back what the work gives, or throws what it throws, at a tick. */
async function atTick<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    await new Promise((resolve) => setTimeout(resolve, untilTick(performance.now() - start)));
  }
}

function answerCall(scorer: Scorer, name: string, call: unknown, asker: Asker<string>): unknown {
  // SAFETY: the call was held to the form of the name that it came under.
  const held = <Name extends ScorerCall>(_: Name) => call as ScorerCallOf<Name>;
  if (name === 'list') return scorer.list(held('list'), asker);
  if (name === 'array') return scorer.array(held('array'));
  if (name === 'preflight') return scorer.preflight();
  if (name === 'probe') return scorer.probe(held('probe'), asker);
  if (name === 'score') return scorer.score(held('score'), asker);
  return scorer.log(held('log'));
}
