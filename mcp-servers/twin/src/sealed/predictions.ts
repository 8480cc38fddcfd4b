import type { BenchmarkCard } from '@bregma/core/contracts/benchmark';
import type { TwinCard } from '@bregma/core/contracts/twin';
import { BregmaError } from '@bregma/core/errors';
import { seenBy, seenInRecording } from '@bregma/core/experiment/exposure';
import { identityOf } from '@bregma/core/identity/recording';
import { findDataset } from '@bregma/core/ledger/catalogue';
import type { ToolContext } from '@bregma/core/mcp/tool';
import { doublesOf, parseNpy, writeNpy } from '@bregma/core/npy';
import { findKind } from '../find-kind.ts';

/** What a twin predicts for a benchmark, NPY [unit × item]. */
export async function predictionsOfTwin(
  twin: TwinCard,
  card: BenchmarkCard,
  context: ToolContext,
): Promise<Uint8Array> {
  const kind = findKind(twin.kind);
  if (!card.data || !kind.rivals)
    throw new BregmaError('bad-input', `A ${twin.kind} twin gives no predictions for ${card.name} by itself.`, {
      next: 'Make the array [unit × item] and pass its object as predictions.',
    });
  const rival = await kind.rivals(twin, card.data, context);
  return asked(Float64Array.from(rival.predictions), [rival.neurons, rival.stimuli], card);
}

/** Throws `conflict` for a twin that was fitted on what is sealed, as far as the workspace has the data of the benchmark. */
export async function refuseFitted(twin: TwinCard, card: BenchmarkCard, { workspace }: ToolContext): Promise<void> {
  if (!card.data) return;
  const release = findDataset(workspace.ledger, card.data);
  const seen =
    release.shape === 'stimulus-response'
      ? await seenInRecording(seenBy(twin), await identityOf(release, workspace), workspace)
      : twin.data === card.data
        ? (twin.fittedOn.indices ?? Array.from({ length: card.items.count }, (_, item) => item))
        : [];
  const open = new Set(card.items.open.map((item) => card.columns?.[item] ?? item));
  const fitted = seen.filter((column) => !open.has(column) && (card.columns?.includes(column) ?? true));
  if (fitted.length === 0) return;
  throw new BregmaError(
    'conflict',
    `${twin.id} was fitted on ${fitted.length} of the sealed ${card.items.of}: what it scores would be memory.`,
    { next: 'Build it with part: "first-half", which is the open part. Nothing was spent.' },
  );
}

/** Predictions from an object, NPY: of the whole release, or of the units and items that are asked. */
export function predictionsOf(npy: Uint8Array, card: BenchmarkCard): Uint8Array {
  const { shape, data } = parseNpy(npy, 'predictions');
  return asked(Float64Array.from(doublesOf(data)), shape, card);
}

/** The units and items that are asked, of predictions for these or for all of the release. What a neuron does to itself is not asked: 0. */
function asked(
  values: Float64Array,
  shape: number[],
  { units, items, rows, columns, name }: BenchmarkCard,
): Uint8Array {
  const [height, width = 1] = shape;
  const exact = height === units.count && width === items.count;
  if (!exact && !(rows && columns && height > Math.max(...rows) && width > Math.max(...columns)))
    throw new BregmaError(
      'bad-input',
      `Predictions are [${shape.join(' × ')}]; ${name} asks ${units.count} ${units.of} × ${items.count} ${items.of}.`,
      {
        next: 'Rows are units, columns are items, in the order of the card. Nothing was spent.',
      },
    );
  const out = new Float32Array(units.count * items.count);
  for (let unit = 0; unit < units.count; unit++)
    for (let item = 0; item < items.count; item++) {
      const at = exact ? unit * width + item : (rows?.[unit] ?? 0) * width + (columns?.[item] ?? 0);
      const own = units.names !== undefined && units.names[unit] === items.names?.[item];
      out[unit * items.count + item] = own && Number.isNaN(values[at]) ? 0 : values[at];
    }
  return writeNpy({ data: out, shape: [units.count, items.count] });
}
