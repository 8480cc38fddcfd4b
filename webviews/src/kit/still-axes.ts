import type { Quantity } from './packed.ts';

/** Size of a still chart, px. */
export const stillSize = { width: 560, height: 280 };

/** Name and unit of an axis. */
export const axisTitle = ({ label, unit }: Quantity): string => (unit ? `${label} (${unit})` : label);

/** Colour of each curve. */
export const curveColour = { field: 'curve', type: 'nominal', title: null };
