import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { type Adapter, captionOf, type ToolCall } from '../kit/answer.ts';
import type { Caption } from '../kit/caption.ts';
import { simulationPictures } from '../kit/simulation.ts';
import { table } from '../table/from-answer.ts';

/** Spikes that are drawn at most. */
const most = 200_000;

type Record_ = Record<string, unknown>;

/**
 * `run_twin`: of a spiking twin the spikes and rates, from the tables that the answer names; of every twin the neurons that it
 * lists. What the chat cannot read is said, and the list is shown all the same.
 */
export const simulation: Adapter = async (call) => {
  const { spikes, predictions } = call.answer.value ?? {};
  const listed = table(call);
  const list =
    listed === undefined ? [] : [{ view: 'table', model: { ...(listed as Caption), title: 'Strongest responses' } }];
  if (!spikes?.object) return list.length > 0 ? list : undefined;
  try {
    const { rows, available } = await rowsOf(call, spikes.object);
    const { raster, rates } = simulationPictures(
      {
        spikes: rows.map(({ neuron, time_ms, trial }) => ({
          neuron: String(neuron),
          timeMs: Number(time_ms),
          trial: Number(trial),
        })),
        available,
        neurons: await neuronsOf(call, predictions?.object),
        durationMs: call.answer.value.durationMs,
        kept: spikes.trials,
        trials: call.answer.value.trials,
      },
      captionOf(call, ''),
    );
    return [{ view: 'raster', model: raster }, ...(rates ? [{ view: 'rates', model: rates }] : []), ...list];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const said = `The spikes are not drawn here: ${why} A notebook cell of this call draws them.`;
    const [first] = list;
    if (!first) throw new Error(said);
    return [{ ...first, model: { ...first.model, note: [first.model.note, said].filter(Boolean).join(' ') } }];
  }
};

async function rowsOf(call: ToolCall, object: string): Promise<{ rows: Record_[]; available: number }> {
  const bytes = await call.bytes(`bregma://object/${object}`);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  return { rows: await parquetReadObjects({ file, metadata, rowEnd: most }), available: Number(metadata.num_rows) };
}

/** Names and types of all neurons; where their table is too large for a chat, of those that the answer lists. */
async function neuronsOf(call: ToolCall, object: string | undefined) {
  const listed = (call.answer.value.strongest ?? []) as { id: string; neuron: string; type?: string }[];
  const rows = object
    ? await rowsOf(call, object).then(
        ({ rows }) => rows,
        () => [],
      )
    : [];
  const all = rows.map(({ neuron, name, cell_type, driven }) => ({
    id: String(neuron),
    name: String(name ?? neuron),
    type: cell_type ? String(cell_type) : undefined,
    driven: driven === true,
  }));
  const known = all.length > 0 ? all : listed.map(({ id, neuron, type }) => ({ id, name: neuron, type }));
  return new Map(known.map(({ id, ...neuron }) => [id, neuron]));
}
