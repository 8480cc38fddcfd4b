// Made by `npm run gen` from the files of this folder. Do not edit.
import type { TwinKind } from './kind.ts';
import { connectomeDynamics } from './connectome-dynamics.ts';
import { encodingNetwork } from './encoding-network.ts';
import { encodingPixel } from './encoding-pixel.ts';
import { encodingRidge } from './encoding-ridge.ts';
import { lifConnectome } from './lif-connectome.ts';
import { linearPropagation } from './linear-propagation.ts';

export const kinds: TwinKind[] = [connectomeDynamics, encodingNetwork, encodingPixel, encodingRidge, lifConnectome, linearPropagation];
