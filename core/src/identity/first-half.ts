import { sha256 } from '../canonical.ts';
import type { Units } from './copies.ts';

/**
 * The half on which twins are fitted when one half is kept for testing, as places among `digests`, ascending. What a thing is
 * decides where it falls: not its place, its name, the recording or the unit of its responses.
 */
export function firstHalf(digests: readonly string[]): Int32Array {
  const keys = digests.map((digest) => sha256(`first half ${digest}`));
  const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : 1));
  return Int32Array.from(order.slice(0, Math.floor(digests.length / 2))).sort();
}

/**
 * The units that the first half of a recording's columns shows, ascending: how published figures divide a session. A copy goes with
 * the first presentation of what it shows, so no stimulus is on both sides.
 */
export function firstHalfByIndex({ members }: Units): Int32Array {
  const columns = members.reduce((sum, { length }) => sum + length, 0);
  return Int32Array.from(members.keys()).filter((unit) => members[unit][0] < Math.floor(columns / 2));
}
