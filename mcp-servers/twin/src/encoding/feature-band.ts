/** Cells along each side of the grid of local energy, and of that over which a network's layers are averaged. */
export const grid = 7;

/** Features of one kind, as a value of a graph: [image × width]. */
export interface FeatureBand {
  name: string;
  value: string;
  width: number;
  /** Places in each channel, C order [channel × place]; undefined: no places. */
  cells?: number;
}
