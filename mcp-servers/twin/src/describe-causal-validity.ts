import { median } from '@bregma/core/statistics/correlation';
import type { Workspace } from '@bregma/core/store/workspace';
import type { CausalData } from './data.ts';
import { byHops, causalValidity, type MatchedResponses } from './domain/connectome-validity.ts';
import { leftRightAgreement } from './domain/stimulations.ts';

/** What every validation against causal responses says. hops: [to × from] of the matched neurons. */
export function describeValidity(
  matched: MatchedResponses,
  { recording, hops, anatomy }: { recording: CausalData; hops: Float64Array; anatomy: string[] },
  seed: number,
  workspace: Workspace,
) {
  const { release, reference, names } = recording;
  const validity = causalValidity(matched, seed);
  const perUnit = workspace.objects.put(JSON.stringify(validity.perStimulated), 'application/json');
  const known = new Set(matched.names);
  return {
    value: {
      data: reference,
      domain: 'under perturbation',
      pearson: validity.pearson,
      spearman: validity.spearman,
      median: {
        pearson: medianOf(validity.perStimulated.map((unit) => unit.pearson)),
        spearman: medianOf(validity.perStimulated.map((unit) => unit.spearman)),
      },
      ci: validity.ci,
      byHops: byHops(matched, hops),
      ceiling: null,
      ceilingIs: 'not measurable here: one average a pair, no repeats',
      repeatability: {
        cited: release.card.notes?.find((note) => /repeatab/i.test(note)) ?? null,
        leftRight: leftRightAgreement(recording),
        leftRightIs:
          'r of each response with the one in the mirror, left and right neurons exchanged: a proxy of repeatability, from the same animals',
      },
      tested: { pairs: validity.pairs, stimulated: validity.stimulated, neurons: matched.names.length },
      unmatched: names.filter((name) => !known.has(name)).slice(0, 20),
      perUnit,
    },
    kind: 'derived' as const,
    n: { count: validity.stimulated, of: 'stimulated neurons' },
    completeness: {
      returned: matched.names.length,
      available: names.length,
      of: 'recorded neurons that the twin knows',
    },
    uncertainty: {
      method: `bootstrap of r over stimulated neurons, ${validity.ci.resamples} resamples`,
      level: validity.ci.level,
      low: validity.ci.low,
      high: validity.ci.high,
      of: 'pearson over pairs',
    },
    release: [...new Set([reference, ...anatomy])],
    outputs: [perUnit.object],
  };
}

function medianOf(values: (number | null)[]): number | null {
  const middle = median(values.map((value) => value ?? Number.NaN));
  return Number.isFinite(middle) ? middle : null;
}
