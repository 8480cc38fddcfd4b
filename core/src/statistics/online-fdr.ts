/** What a procedure knows when it gives out the level of the next test. */
export interface PastTest {
  /** p-value, or for e-LOND the e-value. */
  value: number;
  rejected: boolean;
}

/** A way to give out significance levels one after the other, so that the false discovery rate of the whole sequence stays below α. */
export interface OnlineProcedure {
  name: 'lond' | 'lord++' | 'lord-dependent' | 'saffron' | 'e-lond';
  /** True when the guarantee holds whatever the dependence between tests. */
  anyDependence: boolean;
  /** Level of the next test, from all tests before it. */
  level(past: readonly PastTest[]): number;
  /** Whether a test at this level is a discovery. */
  rejects(value: number, level: number): boolean;
}

/** Weight of the t-th test, t from 1: 0.0772·log(max(t, 2)) / (t·e^√log t), which sums to one (Javanmard & Montanari 2018, Ann Stat 46:526). */
export function gammaWeight(t: number): number {
  return (0.07720838 * Math.log(Math.max(t, 2))) / (t * Math.exp(Math.sqrt(Math.log(t))));
}

const discoveries = (past: readonly PastTest[]) => past.reduce((count, { rejected }) => count + Number(rejected), 0);
/** Numbers (from 1) of the tests that were discoveries. */
const discoveryTimes = (past: readonly PastTest[]) => past.flatMap(({ rejected }, i) => (rejected ? [i + 1] : []));
const byP = (value: number, level: number) => value <= level;

/**
 * LOND: α_t = α · γ_t · (D + 1), D discoveries so far, Σγ = 1 (Javanmard & Montanari 2015, arXiv 1502.06197). Divided by
 * 1 + 1/2 + … + 1/t it holds whatever the tests share (§ 3.2). Default: weights of independent tests.
 */
export function lond(alpha: number, { weight = gammaWeight, anyDependence = false } = {}): OnlineProcedure {
  return {
    name: 'lond',
    anyDependence,
    level(past) {
      const t = past.length + 1;
      return (alpha * weight(t) * (discoveries(past) + 1)) / (anyDependence ? harmonic(t) : 1);
    },
    rejects: byP,
  };
}

/** 1 + 1/2 + … + 1/n. */
export function harmonic(n: number): number {
  let sum = 0;
  for (let i = 1; i <= n; i++) sum += 1 / i;
  return sum;
}

/** LORD++ (Ramdas et al. 2017, NeurIPS 30): wealth w0 at the start, α − w0 back at the first discovery, α at each later one. */
export function lordPlusPlus(alpha: number, startWealth = alpha / 10): OnlineProcedure {
  return {
    name: 'lord++',
    anyDependence: false,
    level(past) {
      const t = past.length + 1;
      const times = discoveryTimes(past);
      let level = startWealth * gammaWeight(t);
      times.forEach((time, k) => {
        level += (k === 0 ? alpha - startWealth : alpha) * gammaWeight(t - time);
      });
      return level;
    },
    rejects: byP,
  };
}

/**
 * LORD for dependent p-values (Javanmard & Montanari 2018, Theorem 3.7): α_t = ξ_t · W(τ), W(τ) the wealth just after the last
 * discovery: start wealth w0, spent level by level, α − w0 back at each discovery. ξ_t = 0.139307 / (t·log(max(t, 2))³).
 */
export function lordDependent(alpha: number, startWealth = alpha / 10): OnlineProcedure {
  const payout = alpha - startWealth;
  const spend = (t: number) => 0.139307 / (t * Math.log(Math.max(t, 2)) ** 3);
  return {
    name: 'lord-dependent',
    anyDependence: true,
    level(past) {
      let wealth = startWealth;
      let after = startWealth;
      past.forEach(({ rejected }, i) => {
        wealth -= spend(i + 1) * after;
        if (!rejected) return;
        wealth += payout;
        after = wealth;
      });
      return spend(past.length + 1) * after;
    },
    rejects: byP,
  };
}

/**
 * SAFFRON (Ramdas et al. 2018, ICML): only tests with p ≤ λ, the candidates, cost wealth. Constant λ; γ_t proportional to t^−1.6.
 * startWealth below (1 − λ)·α.
 */
export function saffron(alpha: number, lambda = 0.5, startWealth = alpha / 2): OnlineProcedure {
  const weight = (t: number) => 0.4374901658 / t ** 1.6;
  return {
    name: 'saffron',
    anyDependence: false,
    level(past) {
      const t = past.length + 1;
      const times = discoveryTimes(past);
      const candidatesAfter = (time: number) =>
        past.slice(time).reduce((count, { value }) => count + Number(value <= lambda), 0);
      let level = startWealth * weight(t - candidatesAfter(0));
      times.forEach((time, k) => {
        level += (k === 0 ? alpha - startWealth : alpha) * weight(t - time - candidatesAfter(time));
      });
      return Math.min(lambda, (1 - lambda) * level);
    },
    rejects: byP,
  };
}

/** Weights 1 / (t(t + 1)), which sum to one. */
export const eLondWeight = (t: number): number => 1 / (t * (t + 1));

/**
 * e-LOND: α · γ_t · (D + 1); a discovery when the e-value reaches 1 / level (Xu & Ramdas 2024, AISTATS, "Online multiple testing
 * with e-values"). Valid under any dependence between the e-values.
 */
export function eLond(alpha: number): OnlineProcedure {
  return {
    ...lond(alpha, { weight: eLondWeight }),
    name: 'e-lond',
    anyDependence: true,
    rejects: (value, level) => value >= 1 / level,
  };
}
