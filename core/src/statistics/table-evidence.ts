import { logGamma } from './gamma.ts';

/**
 * log of the chance of a table of counts whose rows have shares of their own, every set of shares alike likely, but for a constant of
 * the row sums (Gunel & Dickey 1974, Biometrika 61:545). cells: [row × column], by rows.
 */
export function logRowsApart(cells: Float64Array): number {
  let log = 0;
  // Of whole numbers Γ(count + 1) is the factorial; row sums are the same in every exchange.
  for (const count of cells) log += logGamma(count + 1);
  return log;
}

/**
 * Evidence of an observed weight against those of exchanges of the same data: it by the mean of all, itself among them. Where no exchange
 * differs from the observed but by chance, its expectation is 1 at any number of exchanges. logs: of the weights.
 */
export function amongExchanges(observed: number, logs: Float64Array): number {
  const top = logs.reduce((most, log) => Math.max(most, log), observed);
  const sum = logs.reduce((total, log) => total + Math.exp(log - top), Math.exp(observed - top));
  return (Math.exp(observed - top) * (logs.length + 1)) / sum;
}
