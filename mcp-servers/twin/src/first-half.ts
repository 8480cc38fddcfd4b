import { sha256 } from '@bregma/core/canonical';

/**
 * The half on which twins are fitted when one half is kept for testing, as places among `digests`, ascending. What a thing is
 * decides where it falls: not its place, its name, the recording or the unit of its responses.
 */
export function firstHalf(digests: readonly string[]): Int32Array {
  const keys = digests.map((digest) => sha256(`first half ${digest}`));
  const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
  return Int32Array.from(order.slice(0, Math.floor(digests.length / 2))).sort();
}
