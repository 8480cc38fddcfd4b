import { createHash } from 'node:crypto';
import type { Publication } from '@bregma/core/contracts/published-page';
import type { PageShown } from '@bregma/core/ledger/published';
import { type CrateFiles, checkPage, type Finding, filesOfZip } from '@bregma/webviews/kit/page-check';
import { readingOfHtml } from '@bregma/webviews/kit/page-reading';
import type { Notebook } from '../document.ts';
import { type ExportedCell, notebookHtml } from './html.ts';
import { pageScript } from './page-script.gen.ts';
import type { DrawSvg } from './picture-html.ts';
import { escapeHtml } from './text.ts';

/** Puts on record what a page shows; undefined where nothing can be put on record. */
export type Publish = (shown: PageShown) => Promise<Publication | undefined>;

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/**
 * A notebook as one file that also checks itself: what it shows is on record by its digest, and a reader who has the crate of that
 * record chooses it in the page. Where nothing can be put on record it is the page alone. file: the notebook's name.
 */
export async function publishedHtml(
  notebook: Notebook,
  cells: ExportedCell[],
  drawSvg: DrawSvg,
  file: string,
  publish: Publish,
): Promise<string> {
  const policy = `; script-src 'sha256-${sha256(pageScript).toString('base64')}'`;
  const html = await notebookHtml(notebook, cells, drawSvg, file, policy);
  const sections = sectionsOf(html);
  const digest = (part: string) => sha256(readingOfHtml(part)).toString('hex');
  const publication = await publish({
    notebook: file,
    page: digest(html),
    cells: cells.map(({ cell }, i) => ({
      section: digest(sections[i]),
      ...(cell.kind !== 'prose' && { name: cell.info.name, activity: cell.info.activity }),
    })),
  });
  if (!publication) return html.replace(policy, () => '');
  return html.replace('</body>', () => `${checkerHtml(publication)}\n</body>`);
}

const sectionsOf = (html: string): string[] => html.match(/<section[^>]*>[\s\S]*?<\/section>/g) ?? [];

/**
 * Whether a page and a crate belong together, as the page itself says when a reader asks it, and whether its script is the one that its
 * policy names: what a page says of itself is worth as much as its script. html: the page's file; crate: a zip's bytes, or files by
 * their path. Throws what a zip says that is none.
 */
export async function checkPublished(html: string, crate: Uint8Array | CrateFiles): Promise<Finding[]> {
  const files = crate instanceof Uint8Array ? filesOfZip(crate) : crate;
  const at = html.indexOf('<aside id="check">');
  const [, carried, script] =
    /<script type="application\/json" id="publication">([^<]*)<\/script>\s*<script>([\s\S]*?)<\/script>/.exec(
      html.slice(at),
    ) ?? [];
  if (at < 0 || script === undefined)
    return [{ holds: false, says: 'This is no page that was published with its records.' }];
  const shown = `${html.slice(0, at)}${html.slice(html.lastIndexOf('</script>') + '</script>'.length)}`;
  // SAFETY: a page carries what `publishedHtml` wrote into it; what it holds is looked at by `checkPage`.
  const publication = JSON.parse(carried) as Publication;
  const named = shown.includes(`script-src 'sha256-${sha256(script).toString('base64')}'`);
  return [
    named
      ? { holds: true, says: 'Its script is the one that its policy names.' }
      : { holds: false, says: 'Its script was changed: do not trust what the page says of itself.' },
    ...(await checkPage(
      { ...publication, page: readingOfHtml(shown), sections: sectionsOf(shown).map(readingOfHtml) },
      files,
    )),
  ];
}

/** What checks the page, and is no part of what it shows. */
function checkerHtml(publication: Publication): string {
  const carried = JSON.stringify(publication).replaceAll('<', '\\u003c');
  return `<aside id="check"><details><summary>Check this page against its records</summary>
<p>Whoever has the workspace packs them: <code>bregma export ${escapeHtml(publication.activity)} --to crate.zip</code>. Nothing leaves this page. It is checked that neither was changed since the page was made; whether the results are right, <code>bregma replay</code> shows.</p>
<label>The crate as a zip <input type="file" accept=".zip"></label>
<label>The crate as a folder <input type="file" webkitdirectory></label>
<div id="check-said" role="status"></div></details></aside>
<script type="application/json" id="publication">${carried}</script>
<script>${pageScript}</script>`;
}
