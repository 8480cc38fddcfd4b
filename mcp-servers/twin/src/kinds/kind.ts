/**
 * A kind of twin. A file of this folder exports one, named as the file; of a known family it is made by the family's own function:
 *
 * ```ts
 * // mcp-servers/twin/src/kinds/encoding-pixel.ts
 * import * as z from 'zod';
 * import { encodingTwin } from '../encoding/encoding-twin.ts';
 *
 * export const encodingPixel = encodingTwin({
 *   name: 'encoding-pixel',
 *   title: 'Low-pass pixels, ridge readout (baseline)',
 *   cite: ['Theunissen et al. 2001, Network 12:289'],
 *   options: z.object({ colour: z.boolean().default(false).describe('Add opponent channels') }),
 *   features: ({ colour }) => ({ levels: 0, orientations: 2, local: false, pooled: false, compress: 'root', lowpass: [14], colour }),
 * });
 * ```
 *
 * The tools find a kind by its name and call it; none of them knows families.
 */
import type { Outcome } from '@bregma/core/contracts/answer';
import type { DatasetRelease } from '@bregma/core/contracts/dataset';
import type { TwinCard } from '@bregma/core/contracts/twin';
import type { DomainValidity } from '@bregma/core/contracts/validity';
import type { ToolContext, ToolOutcome } from '@bregma/core/mcp/tool';
import type { Workspace } from '@bregma/core/workspace';
import type * as z from 'zod';
import type { Perturb } from '../perturb.ts';
import type { ProbeName } from '../probes/probe.ts';
import type { Backend } from '../spiking/engines/engine.ts';

/** Arguments of the tools that not every kind has a use for, each with what it is for. */
export type Takes = Readonly<Record<string, string>>;

/** A kind of twin: what it needs, what it takes, and how it is built, run and judged. */
export interface TwinKind {
  /** As in build_twin. */
  name: string;
  title: string;
  cite: readonly string[];
  /** Shape of the data set that it is built on. */
  needs: DatasetRelease['shape'];
  /** Options with defaults; every one described with its unit. */
  options: z.ZodObject;
  /** What it may be told beyond what every kind is told. An argument that is not here is refused, and the refusal reads this. */
  takes: { build?: Takes; run: Takes; validate?: Takes };
  /** Fits or describes a twin and answers with its card. */
  build(request: BuildRequest, context: ToolContext): Promise<ToolOutcome<Built>>;
  run(twin: TwinCard, request: RunRequest, context: ToolContext): Promise<Outcome<Run>>;
  /** How well it predicts data that it was not fitted on. Absent: nothing here measures what it predicts. */
  validate?(request: ValidationRequest, context: ToolContext): Promise<Outcome<Validated>>;
  /** What a twin predicts for each candidate stimulus, to set it against a rival. Absent: its stimuli cannot be ranked. */
  rivals?(twin: TwinCard, data: string | undefined, context: ToolContext): Promise<Rival>;
  /** Its ONNX network, `images` uint8 [image × y × x × 3] → `responses` [image × neuron]. Absent: it takes no images, and none can be made for it. */
  network?(twin: TwinCard, workspace: Workspace): Uint8Array;
}

/** The part of a data set that a twin is fitted on. */
export type Part = 'all' | 'first-half';

/** What `build_twin` was asked, parsed. */
export interface BuildRequest {
  /** `id@release` */
  data: string;
  part: Part;
  options: Record<string, unknown>;
  seed: number;
}

/** What `build_twin` answers: the twin's id and what its kind says of it. */
export interface Built {
  twin: string;
  [what: string]: unknown;
}

/** Arguments of run_twin; those that the kind does not take are as when nobody gave them. */
export interface RunRequest {
  data?: string;
  stimuli?: number[];
  probe?: ProbeName;
  stimulate?: string[];
  perturb?: Perturb;
  readout?: string[];
  durationMs: number;
  trials: number;
  controls: number;
  backend: Backend;
  seed: number;
  limit: number;
}

/** What `run_twin` answers. shape: of the predictions, first axis first. */
export interface Run {
  predictions: { object: string; [what: string]: unknown };
  shape: number[];
  [what: string]: unknown;
}

/** What is kept out of the fit: each fifth in turn, one half, or what the card says was held out. */
export type Protocol = 'cv5' | 'half' | 'heldout';

/** How `half` divides stimuli: by what they are, or by where they stand, the first ones to fit. */
export const halves = ['content', 'index'] as const;
/** One of `halves`. */
export type Half = (typeof halves)[number];

/** What `validate_twin` was asked, parsed. */
export interface ValidationRequest {
  /** The twin that is judged; undefined: the kind is fitted anew. */
  twin?: TwinCard;
  options: Record<string, unknown>;
  data: string;
  protocol: Protocol;
  /** Of `half`; undefined: by content. */
  by?: Half;
  /** Shuffled wirings to compare with. */
  controls?: number;
  seed: number;
}

/** What `validate_twin` answers, whatever the kind. */
export interface Validated {
  median: { pearson: number | null; spearman: number | null };
  ci: { low: number | null; high: number | null; level: number; units?: number };
  ceiling: number | null;
  control: number | null;
  /** What the tested stimuli are to what was fitted: in-domain, under perturbation… */
  domain?: string;
  /** Whether it was fitted on responses of the very neurons that it is judged by. */
  fittedOnTheseNeurons?: boolean;
  /** Of the one number that the interval is of, where that is no median over units. */
  pearson?: number | null;
  /** How well stimuli of other domains were predicted, each judged by itself. */
  apart?: DomainValidity[];
  perUnit: { object: string; [what: string]: unknown };
  [what: string]: unknown;
}

/** Predictions of one twin for every stimulus of a data set. */
export interface Rival {
  reference: string;
  release: DatasetRelease;
  neurons: number;
  stimuli: number;
  /** [neuron × stimulus], in the unit of the data; NaN: not predicted, as for a stimulated neuron itself. */
  predictions: Float32Array | Float64Array;
  /** Variance of one trial, one a neuron, as the twin learned it; NaN: not known. */
  variance: Float64Array;
  /** Stimuli that can be given at all. */
  available: number[];
  /** Stimuli that the twin was fitted on. */
  seen: ReadonlySet<number>;
  /** Name of a stimulus, where it has one: the stimulated neuron. */
  nameOf?(stimulus: number): string;
}
