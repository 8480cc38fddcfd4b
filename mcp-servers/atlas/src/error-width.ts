/** Units of length that volumes and transforms are in, in µm. */
export const lengthsInUm: Record<string, number> = { mm: 1000, um: 1 };

/** Whether a distance in a frame's unit is no more than an error in mm. */
export const isWithin = (distance: number, unit: string, errorMm: number): boolean =>
  distance <= (errorMm * lengthsInUm.mm) / lengthsInUm[unit];
