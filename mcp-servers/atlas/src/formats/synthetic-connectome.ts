import { BregmaError } from '@bregma/core/errors';
import * as z from 'zod';
import { syntheticWiring } from '../domain/synthetic-wiring.ts';
import { storeWiring } from '../read/wiring.ts';
import type { FileFormat } from './format.ts';

/** Defaults have the size of the adult fly's brain as Shiu et al. 2024 simulate it. */
const Options = z.strictObject({
  neurons: z.int().min(2).max(262_144).default(138_639),
  edges: z.int().min(1).max(50_000_000).default(15_000_000),
  inhibitory: z.number().min(0).max(1).default(0.3),
  mean_synapses: z.number().min(1).max(100).default(3.3),
  spread: z.number().min(0).max(2).default(1),
  types: z.int().min(1).max(10_000).default(100),
  seed: z.int().min(0).default(0),
});

/** A generator, for benchmarks and for trying things out: nothing that it makes was ever measured. */
export const syntheticConnectome: FileFormat = {
  name: 'synthetic-connectome',
  title: 'Synthetic connectome with heavy-tailed degrees',
  extensions: [],
  kind: 'synthetic',
  options: Object.keys(Options.shape),
  async read(_path, given, kit) {
    const parsed = Options.safeParse(given);
    if (!parsed.success)
      throw new BregmaError(
        'bad-input',
        `synthetic-connectome: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
        {
          next: 'Options: neurons, edges, inhibitory (share), mean_synapses, spread (of log degrees), types, seed.',
        },
      );
    const { neurons, edges, inhibitory, mean_synapses, spread, types, seed } = parsed.data;
    if (edges > (neurons * (neurons - 1)) / 2)
      throw new BregmaError(
        'bad-input',
        `${neurons} neurons hold at most ${(neurons * (neurons - 1)) / 2} connections here (half of all pairs); ${edges} were asked for.`,
      );
    const wiring = await syntheticWiring(
      { neurons, edges, inhibitory, meanWeight: mean_synapses, spread, seed },
      kit.signal,
      (done) => kit.progress(done, neurons, 'drawing connections'),
    );
    const { duck } = kit;
    const place = Int32Array.from({ length: neurons }, (_, i) => i);
    await duck.make('drawn_cells', { place, sign: wiring.sign });
    await duck.make('drawn_wires', { a: wiring.pre, b: wiring.post, weight: wiring.weight });
    kit.progress(neurons, neurons, 'storing');
    // Ids as long as FlyWire's, beyond what a number holds, so that whatever loses a digit shows.
    const id = (column: string) => `(990000000000000001 + 7 * ${column}::BIGINT)::VARCHAR`;
    await duck.run(
      `CREATE OR REPLACE TABLE cells AS SELECT ${id('place')} AS id, 'synthetic ' || place AS name, 'type ' || (place % ${types}) AS cell_type, sign::TINYINT AS sign, 'synthetic' AS value_kind FROM drawn_cells ORDER BY place`,
    );
    await duck.run(
      `CREATE OR REPLACE TABLE wires AS SELECT ${id('a')} AS pre, ${id('b')} AS post, weight, 'chemical' AS kind, 'synthetic' AS value_kind FROM drawn_wires`,
    );
    const { tables } = await storeWiring(kit, 'synapses', { neurons: 'the generator', edges: 'the generator' });
    return {
      shape: 'connectome',
      tables,
      arrays: [],
      warnings: ['Synthetic: no animal has this wiring, and nothing found in it is evidence.'],
      files: [],
      card: {
        title: `Synthetic connectome, ${neurons} neurons, ${edges} connections, seed ${seed}`,
        description: `Random wiring with heavy-tailed degrees: ${neurons} neurons of which about ${Math.round(100 * inhibitory)} % inhibit, ${edges} connections of ${mean_synapses} synapses on average. Made by a generator; no animal has it.`,
        modality: 'none: made by a generator',
        licence: 'CC0-1.0',
        exposure: 'public',
      },
    };
  },
};
