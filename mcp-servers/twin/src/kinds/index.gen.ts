// Made by `npm run gen` from the files of this folder. Do not edit.
import type { TwinKind } from './kind.ts';
import { connectomeDynamics } from './connectome-dynamics.ts';
import { encodingCnn } from './encoding-cnn.ts';
import { encodingNetwork } from './encoding-network.ts';
import { encodingPixel } from './encoding-pixel.ts';
import { encodingRidge } from './encoding-ridge.ts';
import { lifConnectome } from './lif-connectome.ts';
import { linearPropagation } from './linear-propagation.ts';

export const kinds: TwinKind[] = [connectomeDynamics, encodingCnn, encodingNetwork, encodingPixel, encodingRidge, lifConnectome, linearPropagation];
