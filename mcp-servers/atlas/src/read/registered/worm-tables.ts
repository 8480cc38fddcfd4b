import type { DataArray, Table } from '@bregma/core/contracts/dataset';
import { wormName, wormNeurons } from '../../domain/worm-neurons.ts';
import type { FormatKit } from '../../formats/format.ts';

/** A connection as a source lists it; parallel ones add up. */
export interface Wire {
  pre: string;
  post: string;
  kind: string;
  weight: number;
}

/** What is said of each neuron beside its name. */
export const wormColumns = {
  name: { description: 'the one name, without the zero of DB01; ids are those of the source' },
  class: { description: 'of the 118 classes of White et al. 1986; null for what is no neuron' },
  side: { description: 'left or right of a pair; null for one of the middle' },
  partner: { description: 'the mirror image' },
};

/** Tables `neurons` and `edges` of a worm connectome. unit: of the weights; cells: what else the source covers. */
export async function wormTables(
  wires: Wire[],
  unit: string,
  kit: FormatKit,
): Promise<{ tables: Table[]; arrays: DataArray[] }> {
  const ids = [...new Set(wires.flatMap(({ pre, post }) => [pre, post]))].sort();
  const cells = ids.map((id) => ({ id, name: wormName(id), neuron: wormNeurons.get(wormName(id)) }));
  await kit.duck.make('worm_cells', {
    id: ids,
    name: cells.map(({ name }) => name),
    class: cells.map(({ neuron }) => neuron?.neuronClass ?? ''),
    side: cells.map(({ neuron }) => neuron?.side ?? ''),
    partner: cells.map(({ neuron }) => neuron?.partner ?? ''),
    cell_type: cells.map(({ neuron }) => (neuron ? 'neuron' : 'muscle or other')),
  });
  const neurons = await kit.duck.table(
    "SELECT id, name, nullif(class, '') AS class, nullif(side, '') AS side, nullif(partner, '') AS partner, cell_type FROM worm_cells ORDER BY id",
    { name: 'neurons', description: 'Cells of the wiring diagram', columns: wormColumns },
  );
  await kit.duck.make('worm_wires', {
    pre: wires.map(({ pre }) => pre),
    post: wires.map(({ post }) => post),
    kind: wires.map(({ kind }) => kind),
    weight: Float64Array.from(wires, ({ weight }) => weight),
  });
  const edges = await kit.duck.table(
    'SELECT pre, post, sum(weight) AS weight, kind FROM worm_wires GROUP BY pre, post, kind ORDER BY pre, post, kind',
    {
      name: 'edges',
      description: 'Connections from pre to post; electrical ones are listed from both sides where the source does',
      columns: { weight: { unit }, kind: { description: 'chemical or electrical' } },
    },
  );
  return { tables: [neurons, edges], arrays: [] };
}
