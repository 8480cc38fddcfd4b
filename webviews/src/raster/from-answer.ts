import type { FromAnswer } from '../kit/answer.ts';
import { readSimulation } from '../kit/read-simulation.ts';
import type { RasterModel } from './model.ts';

/** `run_twin` of a spiking twin: the spikes that were kept. */
export const raster: FromAnswer<RasterModel> = {
  tools: ['run_twin'],
  draw: async (call) => (await readSimulation(call))?.raster,
};
