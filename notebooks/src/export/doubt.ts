import type { Freshness } from '../freshness.ts';
import { escapeHtml } from './text.ts';

/** Of a cell: whether what it shows is fresh, and why it shows nothing. */
interface Doubtful {
  freshness?: Freshness;
  problem?: string;
}

/** Why what a cell shows is not what it would give now, or is not there; each a sentence or more. None: it is as it should be. */
export function doubtsOf({ freshness, problem }: Doubtful): string[] {
  const stale =
    freshness?.state === 'stale' || freshness?.state === 'blocked' ? [`⚠ Stale. ${freshness.reasons.join(' ')}`] : [];
  return problem ? [...stale, problem] : stale;
}

/** The same as HTML. Which result a cell shows is written in its file, by anybody: no form of a notebook leaves this out. */
export const doubtsHtml = (cell: Doubtful): string =>
  doubtsOf(cell)
    .map((doubt) => `<p class="stale">${escapeHtml(doubt)}</p>`)
    .join('');
