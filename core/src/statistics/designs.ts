/**
 * Williams square (Williams 1949, Aust J Sci Res A 2:149): orders of n treatments in which each follows each other one equally
 * often. n orders for even n, 2n for odd n.
 */
export function williamsSquare(n: number): number[][] {
  const first = Array.from({ length: n }, (_, i) => (i % 2 === 1 ? (i + 1) / 2 : i === 0 ? 0 : n - i / 2));
  const square = Array.from({ length: n }, (_, row) => first.map((treatment) => (treatment + row) % n));
  return n % 2 === 0 ? square : [...square, ...square.map((order) => [...order].reverse())];
}
