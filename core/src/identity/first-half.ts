import { sha256 } from '../canonical.ts';
import type { Units } from './copies.ts';

/**
 * The half on which twins are fitted when one half is kept for testing, as places among `digests`, ascending. What a thing is
 * decides where it falls: not its place, its name, the recording or the unit of its responses. looks: what must not be divided
 * (digest of the first thing that looks the same); the half ends where one of them does.
 */
export function firstHalf(digests: readonly string[], looks: readonly string[] = digests): Int32Array {
  const keys = looks.map((digest) => sha256(`first half ${digest}`));
  const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
  const half = new Set(order.slice(0, Math.floor(digests.length / 2)).map((place) => looks[place]));
  return Int32Array.from(order.filter((place) => half.has(looks[place]))).sort();
}

/**
 * The units that the first half of a recording's columns shows, ascending: how published figures divide a session. A copy goes with
 * the first presentation of what it shows, so no stimulus is on both sides. looks: as in `firstHalf`, one a unit.
 */
export function firstHalfByIndex({ members }: Units, looks?: readonly string[]): Int32Array {
  const columns = members.reduce((sum, { length }) => sum + length, 0);
  const first = (unit: number) => (looks ? looks.indexOf(looks[unit]) : unit);
  return Int32Array.from(members.keys()).filter((unit) => members[first(unit)][0] < Math.floor(columns / 2));
}
