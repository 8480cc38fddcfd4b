import { describe } from 'vitest';

/** A section of the doors: topics that lie in a folder of its name, each a group of tests with hooks of its own. */
export function section(name: string, topics: Record<string, () => Promise<unknown>>): void {
  describe(name, () => {
    for (const [topic, tests] of Object.entries(topics)) describe(topic, async () => void (await tests()));
  });
}
