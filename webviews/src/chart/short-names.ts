import { brief } from '@bregma/core/contracts/plain-text';

/**
 * Names of at most so many characters that can still be told apart: by how they begin, else by how they end, else by both. A name
 * that fits stays.
 */
export function shortNames(names: unknown[], most: number): (name: unknown) => string {
  const whole = names.map((name) => brief(name, 300));
  const tail = (name: string) => (name.length <= most ? name : `…${name.slice(1 - most)}`);
  const ends = (name: string) => {
    const half = Math.floor((most - 1) / 2);
    return name.length <= most ? name : `${name.slice(0, half)}…${name.slice(-half)}`;
  };
  const ways = [(name: string) => brief(name, most), tail, ends];
  const apart = (way: (name: string) => string) => new Set(whole.map(way)).size === new Set(whole).size;
  const way = ways.find(apart) ?? ways[0];
  return (name) => way(brief(name, 300));
}
