/** Bounds on the log-likelihood ratio of Wald's sequential test (1945, Ann Math Stat 16:117): above `accept` H1, below `reject` H0. */
export function sprtBounds({ alpha, beta }: { alpha: number; beta: number }): { accept: number; reject: number } {
  return { accept: Math.log((1 - beta) / alpha), reject: Math.log(beta / (1 - alpha)) };
}
