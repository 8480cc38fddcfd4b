import type { PlanContent } from '@bregma/core/contracts/experiment';
import { seenStimuli } from '@bregma/core/experiment/exposure';
import { beyondLimits, nameStimuli } from '@bregma/core/experiment/refusals';
import { withDecimals } from '@bregma/core/numbers';
import type { PlanModel } from '@bregma/webviews/approval/model';

/** Trials of the trace that are shown. */
const shownTrials = 60;

type DryRun = PlanModel['dryRun'];

/**
 * What would happen, trial by trial, and whether the plan keeps to its own limits: what the driver's dry run asks, worked out
 * from the plan as it lies in the ledger. order: stimulus of each trial.
 */
export function dryRunOf(
  content: PlanContent,
  order: number[],
  now: { date: Date; frozenDigest?: string; killSwitch?: string },
): Pick<DryRun, 'checks' | 'trace' | 'trials' | 'blocks'> {
  const { design, limits, cost, twins, subject } = content;
  const refusals = beyondLimits(content);
  const secondsATrial = design.trials > 0 ? cost.durationS / design.trials : 0;
  const blocks = blocksOf(order);
  const seen = twins.flatMap((twin) => {
    const stimuli = seenStimuli(twin, subject.id, design.stimuli);
    return stimuli.length > 0 ? [`${twin.twin} was fitted on ${nameStimuli(stimuli)}`] : [];
  });
  const expired = protocolExpired(content, now.date);
  return {
    checks: [
      refusals.length > 0
        ? { ok: false, says: refusals.join('; ') }
        : { ok: true, says: 'Trials and stimuli are within the limits' },
      {
        ok: cost.durationS <= limits.maxDurationS,
        says: `Takes about ${withDecimals(cost.durationS, 0)} s of at most ${limits.maxDurationS} s`,
      },
      {
        ok: order.length === design.trials,
        says: `The order shows each of ${design.stimuli.length} stimuli as often as planned, in ${blocks.at(-1) ?? 0} ${blocks.at(-1) === 1 ? 'block' : 'blocks'}`,
      },
      seen.length > 0
        ? { ok: false, says: seen.join('; ') }
        : { ok: true, says: 'No twin was fitted on a stimulus that it is tested with' },
      {
        ok: now.frozenDigest === content.frozen,
        says:
          now.frozenDigest === content.frozen
            ? 'Its hypothesis is frozen, word for word as planned for'
            : 'Its hypothesis is not frozen in these words',
      },
      ...(subject.protocolExpires
        ? [
            {
              ok: !expired,
              says: `The ethics record ${expired ? 'expired' : 'holds until'} ${subject.protocolExpires}`,
            },
          ]
        : []),
      ...(now.killSwitch ? [{ ok: false, says: `The kill switch is on: ${now.killSwitch}` }] : []),
    ],
    trace: order.slice(0, shownTrials).map((stimulus, trial) => ({
      trial: trial + 1,
      block: blocks[trial],
      stimulus,
      atS: trial * secondsATrial,
    })),
    trials: order.length,
    blocks: blocks.at(-1) ?? 0,
  };
}

/** A date without a time counts to its end. Something that is no date counts as expired. */
export function protocolExpired({ subject }: Pick<PlanContent, 'subject'>, now: Date): boolean {
  if (subject.protocolExpires === undefined) return false;
  const dayOnly = /^\d{4}-\d{2}-\d{2}$/.test(subject.protocolExpires);
  const end = Date.parse(dayOnly ? `${subject.protocolExpires}T23:59:59.999Z` : subject.protocolExpires);
  return !(end > now.getTime());
}

/** Block of each trial, from 1: a block ends before a stimulus comes again. */
function blocksOf(order: number[]): number[] {
  let block = 1;
  let shown = new Set<number>();
  return order.map((stimulus) => {
    if (shown.has(stimulus)) {
      block++;
      shown = new Set();
    }
    shown.add(stimulus);
    return block;
  });
}
