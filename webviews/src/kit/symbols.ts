/** Forms of points, as Plot names them, with letters that look like them. */
const signs = { circle: '●', square: '■', triangle: '▲', diamond: '◆', star: '★', cross: '✚', wye: 'Y' };
// SAFETY: `signs` is the literal above, and has no other members.
export const symbolNames = Object.keys(signs) as (keyof typeof signs)[];

/** The sign of the i-th category when `symbolNames` is the range of a symbol scale. */
export const signOf = (i: number): string => signs[symbolNames[i % symbolNames.length]];
