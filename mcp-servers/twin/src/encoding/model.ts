import type { Workspace } from '@bregma/core/workspace';
import type { FeatureOptions } from './features.ts';
import type { FitReadout } from './ridge.ts';

/** What sets one kind of encoding twin apart. */
export interface EncodingModel {
  name: string;
  title: string;
  cite: string[];
  /** What is computed from an image before the readout. options: parsed. */
  features(options: Record<string, unknown>, workspace: Workspace): FeatureOptions | Promise<FeatureOptions>;
  /** How it is read out; undefined: ridge regression on all features. */
  fit?: FitReadout;
}
