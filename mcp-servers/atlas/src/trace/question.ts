import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { OpenConnectome } from '../connectome.ts';
import type { Measure } from '../domain/flow.ts';

/** What is asked of a connectome, with its default values in place. */
export interface Question {
  direction: 'downstream' | 'upstream';
  hops?: number;
  min_weight: number;
  by: string;
  path: 'shortest' | 'strongest' | 'flow';
  measure: Measure;
  paths: number;
  control: number;
  limit: number;
}

/** A connectome that is asked, the neurons that the question begins with, and what each neuron is called in the answer. */
export interface Start {
  release: DatasetRelease;
  connectome: OpenConnectome;
  sources: number[];
  /** [neuron] */
  labels: string[];
}

/** A part of the answer: its value, and how much of it was returned. */
export interface Found {
  value: Record<string, unknown>;
  completeness: { returned: number; available: number | null; of: string };
}

/** What a row of the answer is. */
export const rowsOf = (by: string): string =>
  by === 'neuron' ? 'neurons' : by === 'type' ? 'cell types' : `values of ${by}`;

/** What a neuron without a value is called. */
export const unlabelled = (by: string): string => (by === 'type' ? 'untyped' : 'not stated');
