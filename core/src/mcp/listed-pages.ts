import { writtenOf } from './written.ts';

/** A text in Markdown that a server offers as a resource. */
export interface Page {
  /** Its `bregma://` address. */
  uri: string;
  title: string;
  text(): string | Promise<string>;
}

/** A page as the build writes it, into `pages.json` beside the servers. */
export type WrittenPage = Omit<Page, 'text'>;

/** What a server shows of its pages: as the build wrote it down, or asked of them when run from source. They load when one is read. */
export async function listPages(server: string, load: () => Promise<Page[]>): Promise<Page[]> {
  const written = writtenOf<WrittenPage>('pages.json', server);
  if (written.length === 0) return load();
  return written.map(({ uri, title }) => ({
    uri,
    title,
    async text() {
      const page = (await load()).find((one) => one.uri === uri);
      if (!page) throw new Error(`${uri} is in pages.json and not in ${server}: build again.`);
      return page.text();
    },
  }));
}
