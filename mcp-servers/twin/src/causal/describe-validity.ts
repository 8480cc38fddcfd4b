import { median } from '@bregma/core/statistics/correlation';
import type { Workspace } from '@bregma/core/workspace';
import type { CausalData } from '../data.ts';
import type { Connectome } from '../domain/connectome.ts';
import { hopsBetween, weightsBetween } from './anatomy.ts';
import { leftRightAgreement } from './stimulations.ts';
import { byHops, causalCorrelation, causalValidity, type MatchedResponses } from './validity.ts';

/**
 * What every validation against causal responses says. connectome: for hops, and for how far its bare weights predict; anatomy:
 * the data sets that it was read from.
 */
export function describeValidity(
  matched: MatchedResponses,
  { recording, connectome, anatomy }: { recording: CausalData; connectome: Connectome; anatomy: string[] },
  workspace: Workspace,
) {
  const inAnatomy = (matrix: Float64Array) => among(matched.names, connectome.neurons, matrix);
  const r = (other: Float64Array) => {
    const predicted = other.map((value, at) => (Number.isNaN(matched.predicted[at]) ? Number.NaN : value));
    const found = causalCorrelation({ ...matched, predicted });
    return Number.isFinite(found) ? found : null;
  };
  const { release, reference, names } = recording;
  const validity = causalValidity(matched);
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
      byHops: byHops(matched, inAnatomy(hopsBetween(connectome))),
      comparisons: {
        chemicalWeights: r(inAnatomy(weightsBetween(connectome, 'chemical'))),
        gapJunctionWeights: r(inAnatomy(weightsBetween(connectome, 'electrical'))),
        activityCorrelation: recording.activityCorrelation
          ? r(among(matched.names, recording.names, recording.activityCorrelation))
          : null,
        are: 'r of these matrices as they are, over the same pairs; the correlation of activity is from the same recordings and no input of any twin',
      },
      sureNames: recording.confident ? amongSure(matched, recording, recording.confident) : undefined,
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
      method: `delete-one jackknife of Fisher's z over ${validity.ci.units} stimulated neurons, Student's t`,
      level: validity.ci.level,
      low: validity.ci.low,
      high: validity.ci.high,
      of: 'pearson over pairs',
    },
    release: [...new Set([reference, ...anatomy])],
    outputs: [perUnit.object],
  };
}

/** r among neurons whose names are sure. */
function amongSure(matched: MatchedResponses, { names }: CausalData, confident: boolean[]) {
  const sure = new Set(names.filter((_, i) => confident[i]));
  const n = matched.names.length;
  const predicted = matched.predicted.map((value, at) =>
    sure.has(matched.names[Math.floor(at / n)]) && sure.has(matched.names[at % n]) ? value : Number.NaN,
  );
  const found = causalCorrelation({ ...matched, predicted });
  return {
    pearson: Number.isFinite(found) ? found : null,
    neurons: matched.names.filter((name) => sure.has(name)).length,
  };
}

/** Picks the rows and columns of `names`, NaN where a name is unknown. */
function among(names: string[], known: string[], matrix: Float64Array): Float64Array {
  const index = new Map(known.map((name, i) => [name, i]));
  const places = names.map((name) => index.get(name));
  return Float64Array.from(
    places.flatMap((row) =>
      places.map((column) =>
        row === undefined || column === undefined ? Number.NaN : matrix[row * known.length + column],
      ),
    ),
  );
}

function medianOf(values: (number | null)[]): number | null {
  const middle = median(values.map((value) => value ?? Number.NaN));
  return Number.isFinite(middle) ? middle : null;
}
