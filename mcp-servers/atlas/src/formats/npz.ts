import type { Collect } from '../read/container/collect.ts';
import { collectPlain } from '../read/container/plain.ts';
import { openNpz } from '../read/numpy/open-npz.ts';
import { readContainer } from '../read/read-container.ts';
import { tableName } from '../read/table-name.ts';
import type { FileFormat } from './format.ts';

/** Several NumPy arrays in one file. */
export const npz: FileFormat = {
  name: 'npz',
  title: 'NumPy arrays in one file',
  extensions: ['.npz'],
  options: ['leave_out'],
  read: (file, options, kit) =>
    readContainer(openNpz(file, kit.signal), options, kit, async (collect) => {
      await collectPlain(collect, await collectNumbers(collect), tableName(file));
      return { shape: 'tables' };
    }),
};

/** Stores every array of numbers under its own name, those of one axis too: they need not belong together. Returns what it took. */
async function collectNumbers(collect: Collect): Promise<Set<string>> {
  const taken = new Set<string>();
  for (const node of collect.tree.container.nodes) {
    if (node.type?.kind !== 'scalar' || node.type.scalar === 'text' || !node.shape?.length) continue;
    taken.add(node.path);
    if (!collect.isLeftOut(node.path)) await collect.array(node, node.path);
  }
  return taken;
}
