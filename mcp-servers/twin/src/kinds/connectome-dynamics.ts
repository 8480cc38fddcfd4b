import * as z from 'zod';
import { wirings } from '../causal/anatomy.ts';
import { causalTwin } from '../causal/causal-twin.ts';

const Options = z.object({
  connectome: z
    .string()
    .default('celegans-cook2019')
    .describe('Data set with the wiring (chemical synapses, gap junctions), by neuron name'),
  neuropeptide: z.boolean().default(true).describe('Allow pairs of neuropeptide and receptor, from extrasynaptic'),
  monoamine: z.boolean().default(true).describe('Allow pairs of monoamine and receptor, from extrasynaptic'),
  extrasynaptic: z.string().default('celegans-extrasynaptic').describe('Data set with these pairs'),
  wiring: z
    .enum(wirings)
    .default('anatomy')
    .describe('Connections that may be fitted: those of the anatomy, a shuffle of them, all, or none (a rival)'),
  bilateral: z.boolean().default(true).describe('Fit left and right alike'),
  ridge: z
    .union([z.number().positive(), z.literal('nested')])
    .default(20)
    .describe('Penalty on squared weights; nested: 10, 20 or 50, by cross-validation inside the training part'),
  margin: z.number().positive().default(20).describe('Strength of the barrier that keeps the network stable'),
});

/** A linear network whose connections are those of the anatomy and whose weights are fitted to measured responses. */
export const connectomeDynamics = causalTwin({
  name: 'connectome-dynamics',
  title: 'Linear dynamics on a connectome, fitted to causal responses',
  cite: [
    'Galán 2008, PLoS ONE 3:e2148',
    'Randi et al. 2023, Nature 623:406',
    'Creamer, Leifer & Pillow 2024, bioRxiv 2024.09.22.614271',
  ],
  options: Options,
  settings: (options) => options,
});
