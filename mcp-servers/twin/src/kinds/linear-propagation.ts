import * as z from 'zod';
import { propagate } from '../propagation/propagate.ts';
import { propagationTwin } from '../propagation/propagation-twin.ts';

const Options = z.object({
  gain: z.number().gt(0).lt(1).default(0.5).describe('Spectral radius of the network, below 1 so that activity decays'),
  chemical: z.number().min(0).default(1).describe('Weight of a chemical synapse'),
  electrical: z.number().min(0).default(1).describe('Weight of a gap junction'),
  compress: z.enum(['none', 'sqrt', 'log']).default('log').describe('How the number of synapses becomes strength'),
});

/** Steady state of a linear network over the connectome: r = (I − W)⁻¹ · stimulus. */
export const linearPropagation = propagationTwin({
  name: 'linear-propagation',
  title: 'Linear propagation over a connectome',
  cite: ['Galán 2008, PLoS ONE 3:e2148', 'Randi et al. 2023, Nature 623:406'],
  options: Options,
  respond: propagate,
});
