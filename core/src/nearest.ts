import { distance } from 'fastest-levenshtein';

/** The `count` candidates closest to `name` by edit distance, case ignored, nearest first; those sharing nothing are left out. */
export function nearest(name: string, candidates: Iterable<string>, count = 5): string[] {
  const wanted = name.toLowerCase().slice(0, 100);
  const scored: { candidate: string; score: number }[] = [];
  for (const candidate of candidates) {
    const lower = candidate.toLowerCase();
    const contained = wanted.length > 2 && lower.includes(wanted) ? -1 : 0;
    scored.push({ candidate, score: contained || distance(wanted, lower) });
  }
  scored.sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1));
  return scored
    .filter(({ score }) => score < Math.max(3, wanted.length * 0.7))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}
