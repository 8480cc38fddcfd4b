import type { FeatureOptions } from './features.ts';

/** What sets one kind of encoding twin apart. */
export interface EncodingModel {
  name: string;
  title: string;
  cite: string[];
  /** What is computed from an image before the readout. options: parsed. */
  features(options: Record<string, unknown>): FeatureOptions;
}
