import { saidBy } from '@bregma/core/errors';
import { isObject } from './tools.ts';
import { documentOf, readYaml } from './yaml.ts';

/** What a notebook says before its first cell. */
export interface FrontMatter {
  title?: string;
  /** Data set releases, `id@release`, that its cells are meant to read. */
  releases: string[];
  twins: string[];
  /** Why the front matter cannot be used, in words. */
  problem?: string;
}

/** frontMatter: with its fences, as `parse` gives it. Never throws. */
export function readFrontMatter(frontMatter: string | undefined): FrontMatter {
  if (frontMatter === undefined) return { releases: [], twins: [] };
  try {
    const value = readYaml(inner(frontMatter), 'The front matter') ?? {};
    if (!isObject(value)) return { releases: [], twins: [], problem: 'The front matter has no names with values.' };
    const texts = (list: unknown, name: string): string[] => {
      if (list === undefined || list === null) return [];
      if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
      throw new Error(`${name} in the front matter must be a list of ids.`);
    };
    return {
      ...(typeof value.title === 'string' && { title: value.title }),
      releases: texts(value.releases, 'releases'),
      twins: texts(value.twins, 'twins'),
    };
  } catch (error) {
    return { releases: [], twins: [], problem: saidBy(error).message };
  }
}

/** The front matter with these pins; everything else in it, comments too, stays. */
export function pin(
  frontMatter: string | undefined,
  pins: { releases: string[]; twins: string[] },
  eol = '\n',
): string {
  const document = documentOf(frontMatter === undefined ? '' : inner(frontMatter), 'The front matter');
  for (const [name, list] of Object.entries(pins)) {
    if (list.length > 0) document.set(name, document.createNode(list, { flow: true }));
    else document.delete(name);
  }
  return `---\n${document.toString({ lineWidth: 0 })}---\n`.replaceAll('\n', eol);
}

const inner = (frontMatter: string) =>
  frontMatter
    .replaceAll('\r\n', '\n')
    .replace(/^---[^\n]*\n/, '')
    .replace(/---[^\n]*\n?$/, '');
