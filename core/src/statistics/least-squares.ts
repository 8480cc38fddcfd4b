/** An orthonormal basis of columns, by modified Gram–Schmidt twice over (Björck 1967, BIT 7:1); undefined where they are not independent. */
export function basisOf(columns: readonly Float64Array[]): Float64Array[] | undefined {
  const basis = spanOf(columns);
  return basis.length === columns.length ? basis : undefined;
}

/** An orthonormal basis of what columns span: one that says nothing beside those before it is left out. */
export function spanOf(columns: readonly Float64Array[], before: readonly Float64Array[] = []): Float64Array[] {
  const basis = [...before];
  for (const column of columns) {
    const rest = without(without(column, basis), basis);
    const length = lengthOf(rest);
    if (length > 1e-9 * lengthOf(column)) basis.push(rest.map((value) => value / length));
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

/** A number of each unit, another that may change it, and those that are held fixed; [unit] each. */
export interface Regression {
  y: Float64Array;
  x: Float64Array;
  covariates: readonly Float64Array[];
}

/** A coefficient of least squares. */
export interface Coefficient {
  estimate: number;
  error: number;
  /** Units less coefficients. */
  degrees: number;
  /** Sum of squares of x beyond what the covariates say of it. */
  squares: number;
}

/**
 * Coefficient of x among the first n units; undefined where the covariates say all of it or leave no degree of freedom. Covariates
 * that say the same as others count once.
 */
export function coefficientOf({ y, x, covariates }: Regression, n = y.length): Coefficient | undefined {
  const first = (values: Float64Array) => values.subarray(0, n);
  const basis = spanOf([new Float64Array(n).fill(1), ...covariates.map(first)]);
  const [own, rest] = [without(without(first(x), basis), basis), without(first(y), basis)];
  const [squares, degrees] = [dot(own, own), n - basis.length - 1];
  if (degrees < 1 || !(squares > 1e-18 * dot(first(x), first(x)))) return undefined;
  const estimate = dot(own, rest) / squares;
  const residual = Math.max(0, dot(rest, rest) - estimate ** 2 * squares);
  return { estimate, error: Math.sqrt(residual / degrees / squares), degrees, squares };
}

/** Sum of products. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const lengthOf = (values: Float64Array): number => Math.sqrt(dot(values, values));
