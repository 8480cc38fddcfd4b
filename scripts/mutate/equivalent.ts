/**
 * Mutants that change nothing that anybody could notice, named as `npm run mutate` prints them, each with the reason. A mutant that
 * something could notice does not belong here: it needs a test.
 */
export const equivalent: ReadonlyMap<string, string> = new Map([]);
