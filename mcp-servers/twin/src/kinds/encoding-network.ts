import * as z from 'zod';
import { encodingTwin } from '../encoding/encoding-twin.ts';
import { openContract } from '../encoding/foreign-network.ts';
import { efficientNetLite0 } from '../encoding/network.ts';
import { fitPlacedRidge } from '../encoding/placed-ridge.ts';

/** The network that comes with the product. */
const embedded = 'efficientnet-lite0';

const Options = z.object({
  gabor: z.boolean().default(true).describe('Add the energies of a Gabor pyramid to the layers of the network'),
  network: z
    .string()
    .default(embedded)
    .describe('Whose layers: the embedded one, or id@release of an ONNX file that was added'),
});

/** A network that learned to name objects, read out where each neuron looks: the strongest model of V4 that is fitted in seconds. */
export const encodingNetwork = encodingTwin({
  name: 'encoding-network',
  title: 'Layers of EfficientNet-Lite0 and Gabor energies, banded ridge readout with a place per neuron',
  cite: [
    'Tan & Le 2019, ICML: EfficientNet (arXiv 1905.11946)',
    'Yamins et al. 2014, PNAS 111:8619',
    'Dupré la Tour et al. 2022, NeuroImage 264:119728',
  ],
  options: Options,
  fit: fitPlacedRidge,
  features: async ({ gabor, network }, workspace) => ({
    levels: gabor ? 4 : 0,
    orientations: 6,
    local: true,
    pooled: false,
    compress: 'root',
    lowpass: [],
    colour: false,
    network: network === embedded ? efficientNetLite0 : await openContract(network, workspace),
  }),
});
