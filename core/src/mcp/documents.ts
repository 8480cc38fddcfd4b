import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from './listed-pages.ts';

/** A document of the house as a page, `bregma://document/NAME`: beside the servers of a bundle, or in the source tree. None where it is not there. */
export function documentPage(name: string, title: string): Page[] {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const file = ['assets', '../../../docs'].map((up) => path.resolve(here, up, `${name}.md`)).find(existsSync);
  return file ? [{ uri: `bregma://document/${name}`, title, text: () => readFileSync(file, 'utf8') }] : [];
}
