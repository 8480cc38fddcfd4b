import { withDecimals } from '@bregma/core/numbers';

/** A duration in the unit that reads best: "340 ms", "12.3 s", "2 min 5 s", "1 h 10 min". ms: milliseconds; null: not recorded. */
export function duration(ms: number | null): string {
  if (ms === null) return 'not recorded';
  if (ms === 0) return '0 s';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${ms % 1000 === 0 ? ms / 1000 : withDecimals(ms / 1000, 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return parts(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

const parts = (large: number, unit: string, small: number, smaller: string) =>
  `${large} ${unit}${small > 0 ? ` ${small} ${smaller}` : ''}`;
