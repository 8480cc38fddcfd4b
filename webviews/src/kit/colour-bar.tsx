import { shown } from '@bregma/core/numbers';
import { ramp, type ScaleName } from './colour-scales.ts';

interface ColourBarParts {
  scale: ScaleName;
  low: number;
  high: number;
  label: string;
  /** There is something that was not measured. */
  missing?: boolean;
}

/** A bar from low to high with its numbers, and a patch for what was not measured where there is such. */
export function ColourBar({ scale, low, high, label, missing = false }: ColourBarParts) {
  const colours = ramp(scale);
  const stops = Array.from({ length: 17 }, (_, i) => {
    const at = Math.round((i / 16) * 255) * 3;
    return `rgb(${colours[at]} ${colours[at + 1]} ${colours[at + 2]})`;
  });
  return (
    <p class="colour-bar">
      <span>{shown(low)}</span>
      <span
        class="bar"
        role="img"
        aria-label={`Colours from ${shown(low)} to ${shown(high)}`}
        style={{ background: `linear-gradient(to right, ${stops.join(', ')})` }}
      />
      <span>{shown(high)}</span>
      <span class="count">{label}</span>
      {missing && (
        <span class="count">
          <span class="swatch hatched" /> not measured
        </span>
      )}
    </p>
  );
}
