import type { ValueKind } from '@bregma/core/contracts/value-kind';

/** The colours of the theme as a canvas needs them: resolved, `rgb(…)`. */
export interface Ink {
  text: string;
  quiet: string;
  ground: string;
  raised: string;
  line: string;
  focus: string;
  bad: string;
  /** Eight that stay apart for colour-blind eyes. */
  series: string[];
  kinds: Record<ValueKind, string>;
  dark: boolean;
  font: string;
}
