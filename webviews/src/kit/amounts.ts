import { withDecimals } from '@bregma/core/numbers';

/** A duration in the unit that reads best. ms: milliseconds. */
export function duration(ms: number | null): string {
  if (ms === null) return 'not recorded';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${withDecimals(ms / 1000, 1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
