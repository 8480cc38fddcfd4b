/** Every prefix of this order is a fair sample: a full cycle of a linear congruence. [n] */
export function fairOrder(n: number): Uint32Array {
  const order = new Uint32Array(n);
  let step = Math.max(1, Math.round(n * 0.618_034));
  while (gcd(step, n) !== 1) step++;
  for (let i = 0, at = 0; i < n; i++, at = (at + step) % n) order[i] = at;
  return order;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
