import type { FromAnswer } from '../kit/answer.ts';
import { readSimulation } from '../kit/read-simulation.ts';
import type { RatesModel } from './model.ts';

/** `run_twin` of a spiking twin: mean rates over time, of groups of neurons. */
export const rates: FromAnswer<RatesModel> = {
  tools: ['run_twin'],
  draw: async (call) => (await readSimulation(call))?.rates,
};
