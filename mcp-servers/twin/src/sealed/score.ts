import type { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import type { Attempt, ScoreRecord } from '@bregma/core/contracts/score';
import type { ToolContext, ToolOutcome } from '@bregma/core/mcp/tool';
import { type HandedIn, receiptsOf, refuseUnknownAttempt, submitScore } from '@bregma/core/scorer/submit';
import type { ServicePlace } from '@bregma/core/service/place';

/** Has predictions or a network scored; the receipt becomes a record, with what was tried and the attempt that it goes on from. */
export async function scoreHandedIn(
  place: ServicePlace,
  card: BenchmarkCard,
  handedIn: HandedIn,
  attempt: Omit<Attempt, 'seconds'>,
  context: ToolContext,
): Promise<ToolOutcome<Record<string, unknown>>> {
  const { ledger } = context.workspace;
  refuseUnknownAttempt(ledger, attempt.after);
  const start = performance.now();
  const { key, receipt, again } = await submitScore(place, ledger, card.name, handedIn);
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const body: ScoreRecord = { phase: 'received', key, receipt, attempt: { ...attempt, seconds } };
  const [record] = await ledger.append([{ kind: 'score', subject: attempt.of, body }], { durable: true });
  const { says: _, ...statement } = receipt.statement;
  return {
    value: {
      ...statement,
      improved: statement.improved && !again,
      again,
      record: record.id,
      of: attempt.of,
      after: attempt.after,
      fittedToTheseNeurons: card.items.open.length > 0,
      means: again
        ? 'the same predictions were scored before: this is what was told then, and nothing was spent'
        : inWords(receipt.statement),
      attempts: receiptsOf(ledger).filter((one) => one.receipt.statement.benchmark === card.name).length,
    },
    kind: 'derived',
    n: { count: card.items.count - card.items.open.length, of: `sealed ${card.items.of}` },
    release: card.data ? [card.data] : [],
    licence: [card.licence],
    cite: card.cite,
    inputs: [attempt.of, ...(card.data ? [card.data] : [])],
  };
}

function inWords({
  alarm,
  improved,
  score,
  step,
  gap,
  preflight,
  exposure,
}: Extract<ScoreRecord, { phase: 'received' }>['receipt']['statement']): string {
  if (alarm === 'canary') return 'withheld: the predictions fit outcomes that were drawn and never measured';
  if (alarm === 'cap') return 'withheld: more than anything can be expected to score, so that outcomes were seen';
  const news = improved
    ? `${score}, in steps of ${step}`
    : `no better than the best so far (${score}) by a step of ${step}`;
  const fits = gap !== null && gap > 3 * step ? '; it fits the open part much better: overfitted to it' : '';
  const walls = preflight.access === 'isolated' ? '' : `; not isolated: ${preflight.why}`;
  return `${news}${fits}${exposure === 'public-known' ? '; the outcomes are published' : ''}${walls}`;
}
