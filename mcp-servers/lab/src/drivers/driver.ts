/**
 * A lab. A file of this folder exports one driver, named as the file:
 *
 * ```ts
 * // mcp-servers/lab/src/drivers/silence.ts
 * import type { PlanContent } from '@bregma/core/contracts/experiment';
 * import { BregmaError } from '@bregma/core/errors';
 * import { beyondLimits, nameStimuli } from '@bregma/core/experiment/refusals';
 * import { Guard } from '../domain/guard.ts';
 * import type { LabDriver, Trial } from './driver.ts';
 *
 * const stimuli = 100;
 *
 * export const silence: LabDriver = {
 *   name: 'silence',
 *   title: 'Three neurons that never respond',
 *   touchesSubject: false,
 *   standIn: 'nobody',
 *   describe: async (id) => ({
 *     subject: { id, protocol: 'a generator, no subject', newSubjects: 0 },
 *     kind: 'synthetic',
 *     neurons: 3,
 *     stimuli,
 *     repeats: null,
 *     trialDurationS: 0,
 *   }),
 *   dryRun: async (plan) => ({ would: `give ${plan.design.trials} silent trials`, refusals: refusalsOf(plan) }),
 *   async open(plan, limits, context) {
 *     const refusals = refusalsOf(plan);
 *     if (refusals.length > 0) throw new BregmaError('not-allowed', `The plan is refused: ${refusals.join('; ')}.`);
 *     const guard = new Guard(limits, context);
 *     return { trials: present(plan, context.order, guard), stop: (reason) => guard.stop(reason) };
 *   },
 * };
 *
 * function refusalsOf(plan: PlanContent): string[] {
 *   const outside = plan.design.stimuli.filter((stimulus) => stimulus >= stimuli);
 *   return [...(outside.length > 0 ? [`there is no ${nameStimuli(outside)}`] : []), ...beyondLimits(plan)];
 * }
 *
 * async function* present(plan: PlanContent, order: number[], guard: Guard): AsyncGenerator<Trial, void, void> {
 *   const shown = new Map<number, number>();
 *   for (const [trial, stimulus] of order.entries()) {
 *     guard.before(stimulus);
 *     const repeat = shown.get(stimulus) ?? 0;
 *     shown.set(stimulus, repeat + 1);
 *     yield { trial, stimulus, repeat, kind: 'synthetic', responses: new Float64Array(3) };
 *     await guard.rest(plan.design.paceMs);
 *   }
 * }
 * ```
 *
 * `npm run gen` registers it; conformance runs against its stand-in.
 */
import type { Limits, PlanContent, SubjectRecord } from '@bregma/core/contracts/experiment';
import type { ValueKind } from '@bregma/core/contracts/value-kind';
import type { Workspace } from '@bregma/core/workspace';

/** What a driver sees of the workspace. */
export type DriverContext = Pick<Workspace, 'ledger' | 'objects' | 'bregma'>;

/** What a driver can do with a subject, without showing any response of it. */
export interface SubjectDescription {
  subject: SubjectRecord;
  /** How every row of this subject comes to be; only `measured` counts as evidence. */
  kind: ValueKind;
  neurons: number;
  unitNames?: string[];
  /** Size of the stimulus set. */
  stimuli: number;
  /** Presentations it can give of each stimulus; null: as many as asked. */
  repeats: number[] | null;
  /** How long one presentation takes, s; 0 when it is replayed. */
  trialDurationS: number;
  release?: string[];
  licence?: string[];
  cite?: string[];
}

/** What would happen. A plan with refusals is never run. */
export interface DryRun {
  would: string;
  refusals: string[];
}

/** One presentation. responses: one number a neuron; NaN is "not measured". */
export interface Trial {
  trial: number;
  stimulus: number;
  /** Which of the stimulus's presentations this is: for a recording, the slot it was recorded in. */
  repeat: number;
  kind: ValueKind;
  responses: Float64Array;
}

/** What a driver is given for one approved plan. */
export interface SessionContext extends DriverContext {
  /** Stimulus of each trial, in order of presentation. */
  order: number[];
  /** A file that, once it exists, stops the session before its next trial. */
  stopFiles: string[];
  signal: AbortSignal;
  /** Milliseconds that only go forward. */
  now(): number;
}

/** A running session. */
export interface Session {
  /** Ends, or throws `SessionStopped`, or throws a BregmaError when an interlock fails. What was yielded was delivered. */
  trials: AsyncIterable<Trial>;
  /** No trial starts after this returns. */
  stop(reason: string): void;
}

/**
 * A lab: something that shows stimuli to a subject and returns what it recorded. One file in this folder each. The limits
 * are enforced here, in the driver, between the trials; a driver that cannot tell whether it may go on stops.
 */
export interface LabDriver {
  name: string;
  title: string;
  /** True when a session does something to a living subject. A demonstration key approves no such plan. */
  touchesSubject: boolean;
  /**
   * A subject of 40 stimuli and more that is always there and no living one: a generator, or a simulated device. Conformance runs
   * against it. Absent where a subject is a data set that somebody added; then the suite brings one.
   */
  standIn?: string;
  /** subject: as the driver names it. Throws when there is no such subject. */
  describe(subject: string, context: DriverContext): Promise<SubjectDescription>;
  dryRun(plan: PlanContent, context: DriverContext): Promise<DryRun>;
  /** Throws before the first trial when the plan has refusals. limits: enforced whatever the plan says. */
  open(plan: PlanContent, limits: Limits, context: SessionContext): Promise<Session>;
}
