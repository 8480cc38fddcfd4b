import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { captionOf, objectUri, type ToolCall } from './answer.ts';
import { type SimulationPictures, simulationPictures } from './simulation.ts';

/** Spikes that are drawn at most; the object has all of them. */
const most = 200_000;

type Row = Record<string, unknown>;

/** What was read of a call: several views draw the same spikes. */
const known = new WeakMap<ToolCall, Promise<SimulationPictures | undefined>>();

/** Spikes and rates of `run_twin` of a spiking twin, from the tables that the answer names; undefined where it has no spikes. */
export function readSimulation(call: ToolCall): Promise<SimulationPictures | undefined> {
  const made = known.get(call) ?? read(call);
  known.set(call, made);
  return made;
}

async function read(call: ToolCall): Promise<SimulationPictures | undefined> {
  const { spikes, predictions, durationMs, trials } = call.answer.value ?? {};
  if (!spikes?.object) return undefined;
  const { rows, available } = await rowsOf(call, spikes.object, most);
  return simulationPictures(
    {
      spikes: rows.map(({ neuron, time_ms, trial }) => ({
        neuron: String(neuron),
        timeMs: Number(time_ms),
        trial: Number(trial),
      })),
      available,
      neurons: await neuronsOf(call, predictions?.object),
      durationMs: Number(durationMs),
      kept: Number(spikes.trials),
      trials: Number(trials),
    },
    captionOf(call, ''),
  );
}

/** The first rows of a kept table, and how many it has. */
async function rowsOf(call: ToolCall, object: string, rowEnd?: number): Promise<{ rows: Row[]; available: number }> {
  const bytes = await call.bytes(objectUri({ object }));
  // SAFETY: bytes that came over MCP or from a file lie in an ArrayBuffer of their own, never in a shared one.
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  return { rows: await parquetReadObjects({ file, metadata, rowEnd }), available: Number(metadata.num_rows) };
}

/** Names and types of all neurons; where their table is too large for a chat, of those that the answer lists. */
async function neuronsOf(call: ToolCall, object: string | undefined) {
  // SAFETY: an answer of run_twin, which lists its strongest neurons in this form or not at all.
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
