/**
 * A benchmark. A file of this folder exports one, named as the file; a recording of responses to images is made by `recording`, and says
 * no more than this. `families/circuit.ts` makes hidden circuits; what is neither is one object.
 *
 * ```ts
 * // benchmarks/src/my-session.ts
 * import { recording } from './families/recording.ts';
 *
 * export const mySession = recording({
 *   name: 'images-9',
 *   title: 'My session: the other half of its images',
 *   cite: ['Author et al. 2026, Journal 1:1'],
 *   licence: 'CC0-1.0',
 *   data: 'my-session@2026',
 *   sealed: '3b1f6a0c…',
 *   mechanism: 'ladder',
 *   step: 0.01,
 *   cap: 'ceiling',
 *   canaries: 0.05,
 *   budget: { workspace: 20, person: 60 },
 *   exposure: 'public-known',
 * });
 * ```
 *
 * `npm run gen` registers it; the conformance suite makes it from its data and holds it to the digest of its sealed outcomes.
 */
import type { ExposureOfScore, Mechanism, MetricName, QueryBudget } from '@bregma/core/contracts/benchmark';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { Probe } from '@bregma/core/contracts/score';
import type { ObjectStore } from '@bregma/core/objects/objects';

/** Where a benchmark finds its data, added to a workspace of the scorer's own. */
export interface Source {
  release(reference: string): DatasetRelease;
  objects: ObjectStore;
  signal: AbortSignal;
}

/** What is predicted, and how it was measured. */
export interface Made {
  /** Names of the neurons, where they have any. */
  units: { of: string; count: number; names?: string[] };
  items: { of: string; count: number; names?: string[] };
  /** [unit × item], C order; NaN: not measured, or not asked. */
  outcomes: Float64Array;
  /** Items whose outcomes are not sealed, ascending. */
  open: number[];
  /** [unit × item × repeat] */
  trials?: { values: Float64Array; repeats: number };
  /** Places of units and items on the axes of the release, where they are not all of it. */
  rows?: number[];
  columns?: number[];
  /** What is given away beside the release: NPY files. */
  arrays?: { name: string; npy: Uint8Array }[];
  /** What a network is shown: NPY of uint8 [item × y × x × 3]. */
  images?: Uint8Array;
}

/** One benchmark: what is asked, of which data, how it is scored and what it allows. */
export interface Benchmark {
  /** Neutral: a name that tells of the data lets a program look its answers up. */
  name: string;
  /** For people. */
  title: string;
  task: string;
  cite: readonly string[];
  licence: string;
  /** Releases of the registry that it is made from. */
  data: readonly string[];
  /** The release that clients predict for; undefined: all that they need is given away by the scorer. */
  predicts?: string;
  /** sha256 of the sealed outcomes, without canaries; `drawn`: each scorer draws its own from its secret. */
  sealed: string;
  metric: MetricName;
  mechanism: Mechanism;
  /** At least; the scorer takes one bootstrap standard error where that is more. */
  step: number;
  /** A score beyond it is an alarm; `ceiling`: four of its errors above the ceiling. */
  cap: number | 'ceiling';
  /** Share of the sealed items whose outcome is drawn by the scorer and counts for nothing. */
  canaries: number;
  budget: QueryBudget;
  exposure: ExposureOfScore;
  /** secret: the scorer's, of this benchmark; nothing that is drawn from another one is the same. */
  make(source: Source, secret: string): Promise<Made>;
  /** A circuit that may be tried: what an intervention does to it. trial: which one of that person's. */
  circuit?: {
    budget: QueryBudget;
    probe(source: Source, secret: string, probe: Probe, trial: number): Promise<Float64Array>;
  };
}
