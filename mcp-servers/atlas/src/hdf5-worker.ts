// A thread that reads one HDF5 file at a time: a damaged one may keep the library busy for ever, and is ended from outside.
import { parentPort } from 'node:worker_threads';
import { Hdf5Library, reasonOf } from './read/hdf5/library.ts';
import { type Hdf5Reply, type Hdf5Request, transfers } from './read/hdf5/protocol.ts';
import { HoleFiller } from './read/sparse-file.ts';

let library: Hdf5Library | undefined;

async function answer(request: Hdf5Request): Promise<Hdf5Reply> {
  try {
    if (request.ask === 'open') {
      const filler =
        request.holes &&
        new HoleFiller(request.holes, (first, last) => {
          const need: Hdf5Reply = { id: 0, need: { first, last } };
          parentPort?.postMessage(need);
        });
      library = await Hdf5Library.open(request.file, filler);
      return { id: request.id, nodes: library.tree() };
    }
    if (!library) throw new Error('no file is open');
    return { id: request.id, values: library.read(request.path, request.start, request.count, request.axis) };
  } catch (error) {
    return { id: request.id, failed: reasonOf(error) };
  }
}

parentPort?.on('message', async (request: Hdf5Request) => {
  const reply = await answer(request);
  parentPort?.postMessage(reply, 'values' in reply ? transfers(reply.values) : []);
});
