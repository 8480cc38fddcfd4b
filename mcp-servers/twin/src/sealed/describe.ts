import type { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import type { ScorerAnswerTo } from '@bregma/core/contracts/scorer-call';
import type { ToolContext, ToolOutcome } from '@bregma/core/mcp/tool';
import { askScorer } from '@bregma/core/scorer/client';
import type { ServicePlace } from '@bregma/core/service/place';

/** A benchmark as the scorer says it: its card, and what is left of the budgets. */
type Held = ScorerAnswerTo<'list'>['benchmarks'][number];

/** Names that are listed in an answer; all of them are in the card's object. */
const mostNames = 60;

/** Which benchmarks the scorer has. */
export function listBenchmarks(benchmarks: Held[]): ToolOutcome<Record<string, unknown>> {
  return {
    value: {
      benchmarks: benchmarks.map(({ card, left }) => ({
        benchmark: card.name,
        task: card.task,
        data: card.data,
        metric: card.metric,
        step: card.step,
        exposure: card.exposure,
        left,
      })),
    },
    kind: 'derived',
    n: { count: benchmarks.length, of: 'benchmarks' },
  };
}

/** Everything that a client may know of a benchmark; its open arrays become objects. */
export async function describeBenchmark(
  place: ServicePlace,
  { card, left, probesLeft }: Held,
  { workspace: { objects } }: ToolContext,
): Promise<ToolOutcome<Record<string, unknown>>> {
  const whole = objects.put(JSON.stringify(card), 'application/json');
  const arrays: { name: string; object: string; shape: number[] }[] = [];
  for (const { name, sha256, shape } of card.arrays) {
    const { npy } = await askScorer(place, 'array', { benchmark: card.name, sha256 });
    arrays.push({ name, object: objects.put(Buffer.from(npy, 'base64'), 'application/x-npy').object, shape });
  }
  return {
    value: {
      ...card,
      units: shortened(card.units),
      items: { ...shortened(card.items), open: card.items.open.length },
      rows: undefined,
      columns: undefined,
      arrays,
      card: whole.object,
      left,
      probesLeft,
    },
    kind: 'derived',
    licence: [card.licence],
    cite: card.cite,
    outputs: [whole.object, ...arrays.map(({ object }) => object)],
  };
}

const shortened = ({ of, count, names }: BenchmarkCard['units']) => ({ of, count, names: names?.slice(0, mostNames) });
