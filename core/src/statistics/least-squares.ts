/** An orthonormal basis of columns, by modified Gram–Schmidt twice over (Björck 1967, BIT 7:1); undefined where they are not independent. */
export function basisOf(columns: readonly Float64Array[]): Float64Array[] | undefined {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const rest = without(without(column, basis), basis);
    const length = lengthOf(rest);
    if (!(length > 1e-9 * lengthOf(column))) return undefined;
    basis.push(rest.map((value) => value / length));
  }
  return basis;
}

/** What of values no column of an orthonormal basis says. */
export function without(values: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = Float64Array.from(values);
  for (const column of basis) {
    let along = 0;
    for (let i = 0; i < rest.length; i++) along += rest[i] * column[i];
    for (let i = 0; i < rest.length; i++) rest[i] -= along * column[i];
  }
  return rest;
}

function lengthOf(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
}
