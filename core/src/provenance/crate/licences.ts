/** Licences by which anyone may pass the data on, and their SPDX names. Longer names first: BY-SA is not BY. */
const open: [pattern: RegExp, spdx: string | null][] = [
  [/^CC0\b/i, 'CC0-1.0'],
  [/^CC[ -]BY[ -]SA[ -]4\.0/i, 'CC-BY-SA-4.0'],
  [/^CC[ -]BY[ -]4\.0/i, 'CC-BY-4.0'],
  [/^CC[ -]BY([ -]SA)?[ -]\d/i, null],
  [/^MIT\b/i, 'MIT'],
  [/^GPL-3\.0/i, 'GPL-3.0-only'],
  [/^Apache[ -]2\.0/i, 'Apache-2.0'],
  [/^BSD-3/i, 'BSD-3-Clause'],
  [/^BSD-2/i, 'BSD-2-Clause'],
  [/^PDDL/i, 'PDDL-1.0'],
  [/^ODC-BY/i, 'ODC-By-1.0'],
  [/^ODbL/i, 'ODbL-1.0'],
];

/** Words that take the right back, or leave it in doubt, wherever they stand. */
const restricted = /\bNC\b|non-?commercial|\bND\b|no derivatives|unclear|\bask\b|terms of use|\bterms;|all rights/i;

/**
 * Whether a licence, in the words of a data card, lets anyone pass the data on. What is not known to be open is not: a crate
 * then names the data and where to get them.
 */
export function mayRedistribute(licence: string): boolean {
  return !restricted.test(licence) && open.some(([pattern]) => pattern.test(licence));
}

/** `https://spdx.org/licenses/MIT` for a licence that SPDX names, or undefined. */
export function licenceUrl(licence: string): string | undefined {
  if (restricted.test(licence)) return undefined;
  const spdx = open.find(([pattern]) => pattern.test(licence))?.[1];
  return spdx ? `https://spdx.org/licenses/${spdx}` : undefined;
}
