import { normalQuantile, normalSurvival } from './distributions.ts';
import { integrate } from './simpson.ts';

/**
 * Share of the candidates taken that are good, when decision score and outcome are bivariate normal with correlation
 * `validity` (the model of Scannell & Bosley 2016, PLoS ONE 11:e0147215): an outcome is good if it is in the top `prior` of
 * all, and the top `chosen` by score are taken. PPV = (1/q) ∫ over scores y > y_t of φ(y) · Φ̄((r_t − ρy) / √(1 − ρ²)) dy.
 * prior, chosen in (0, 1); validity in [−1, 1].
 */
export function positivePredictiveValue({
  validity,
  prior,
  chosen,
}: {
  validity: number;
  prior: number;
  chosen: number;
}): number {
  const threshold = normalQuantile(1 - prior);
  const cut = normalQuantile(1 - chosen);
  return integrateTail(cut, (score) => goodGivenScore(score, validity, threshold)) / chosen;
}

/** Probability that the best of `candidates` by score is good: the expected PPV of taking one. */
export function bestOf({
  validity,
  prior,
  candidates,
}: {
  validity: number;
  prior: number;
  candidates: number;
}): number {
  const threshold = normalQuantile(1 - prior);
  // Density of the largest of N scores: N φ(y) Φ(y)^(N−1).
  return integrateTail(
    -9,
    (score) =>
      candidates *
      Math.exp((candidates - 1) * Math.log1p(-normalSurvival(score))) *
      goodGivenScore(score, validity, threshold),
  );
}

/** Candidates beyond which none are counted. */
export const mostCandidates = 1e12;

/**
 * How many times as many candidates the validity `other` needs, so that its best one is as likely to be good as the best of
 * `candidates` with `validity`: below 1 where it is better, 1 where it is equal. null: even 10¹² are too few, or one is already better.
 */
export function candidatesFactor({
  validity,
  other,
  prior,
  candidates,
}: {
  validity: number;
  other: number;
  prior: number;
  candidates: number;
}): number | null {
  if (other === validity) return 1;
  const wanted = bestOf({ validity, prior, candidates });
  const reaches = (count: number) => bestOf({ validity: other, prior, candidates: count }) >= wanted;
  if (other > validity) return reaches(1) ? null : leastFactor(reaches, candidates) / candidates;
  const most = mostCandidates / candidates;
  return reaches(candidates * most) ? leastFactor((factor) => reaches(candidates * factor), most) : null;
}

/** The least factor from 1 to `most`, which reaches, that does so too: by halving its logarithm. */
function leastFactor(reaches: (factor: number) => boolean, most: number): number {
  let [low, high] = [0, Math.log(most)];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (reaches(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}

function goodGivenScore(score: number, validity: number, threshold: number): number {
  if (Math.abs(validity) >= 1) return validity * score >= threshold ? 1 : 0;
  return normalSurvival((threshold - validity * score) / Math.sqrt(1 - validity * validity));
}

/** ∫ from `from` to 12 of φ(y)·f(y) dy. */
function integrateTail(from: number, f: (y: number) => number): number {
  return integrate((y) => (Math.exp((-y * y) / 2) * f(y)) / Math.sqrt(2 * Math.PI), from, 12, 4000);
}
