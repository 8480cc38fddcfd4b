import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '@bregma/core/contracts/experiment';
import { BregmaError } from '@bregma/core/errors';
import { stopReason } from '@bregma/core/experiment/stopping';

/** The session was stopped on purpose: by a person, a stop file or a cancelled call. What was delivered before it stands. */
export class SessionStopped extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SessionStopped';
  }
}

/** Longest time for which a stop goes unnoticed while a session waits, ms. */
const pollMs = 20;

/**
 * The interlocks of a session. `before` is called before every trial and throws unless the trial may start: stop files,
 * cancel, number of trials, time and allowed stimuli. Not being able to look counts as a stop.
 */
export class Guard {
  private readonly limits: Limits;
  private readonly allowed: Set<number>;
  private readonly stopFiles: string[];
  private readonly signal: AbortSignal;
  private readonly now: () => number;
  private readonly startedMs: number;
  private started = 0;
  private stopped: string | undefined;

  constructor(limits: Limits, context: { stopFiles: string[]; signal: AbortSignal; now(): number }) {
    this.limits = limits;
    this.allowed = new Set(limits.allowedStimuli);
    this.stopFiles = context.stopFiles;
    this.signal = context.signal;
    this.now = context.now;
    this.startedMs = context.now();
  }

  stop(reason: string): void {
    this.stopped ??= reason;
  }

  /** Throws `SessionStopped` or `not-allowed`; counts the trial otherwise. */
  before(stimulus: number): void {
    this.check();
    if (!this.allowed.has(stimulus)) throw interlock(`stimulus ${stimulus} is not among the allowed ones`);
    if (this.started >= this.limits.maxTrials) throw interlock(`${this.limits.maxTrials} trials are the limit`);
    this.started++;
  }

  /** Waits between trials, and stops within 20 ms when it must. */
  async rest(ms: number): Promise<void> {
    const until = this.now() + ms;
    while (this.now() < until) {
      this.check();
      await sleep(Math.min(pollMs, Math.max(1, until - this.now())));
    }
  }

  private check(): void {
    if (this.stopped !== undefined) throw new SessionStopped(this.stopped);
    if (this.signal.aborted) throw new SessionStopped('the call was cancelled');
    for (const file of this.stopFiles) {
      const reason = stopReason(file);
      if (reason) throw new SessionStopped(reason);
    }
    const elapsedS = (this.now() - this.startedMs) / 1000;
    // Written so that a clock that gives NaN or runs backwards counts as over the limit.
    if (!(elapsedS >= 0 && elapsedS <= this.limits.maxDurationS))
      throw interlock(`${this.limits.maxDurationS} s are the limit`);
  }
}

function interlock(what: string): BregmaError {
  return new BregmaError('not-allowed', `Interlock: ${what}. The driver stopped the session.`, {
    next: 'The trials before it are kept; make a plan with other limits if they were too narrow.',
    fields: { refusal: 'limit' },
  });
}
