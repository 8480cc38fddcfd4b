// The one script of a notebook that was published as a page: checks the page against a crate that a reader chooses.
import type { Publication } from '@bregma/core/contracts/published-page';
import { type CrateFiles, checkPage, type Finding, filesOfZip } from '../kit/page-check.ts';
import { PageReading } from '../kit/page-reading.ts';

const checker = document.querySelector('#check');
const said = document.querySelector('#check-said');
const carried = document.querySelector('#publication');

/** What an element and all in it show, without what checks. */
function readingOf(root: Element): string {
  const reading = new PageReading();
  const visit = (node: Node) => {
    if (node instanceof Text) reading.text(node.data);
    if (!(node instanceof Element) || node === checker || node instanceof HTMLScriptElement) return;
    reading.element(
      node.localName,
      [...node.attributes].map(({ name, value }) => [name, value]),
    );
    for (const child of node.childNodes) visit(child);
  };
  visit(root);
  return reading.toString();
}

/** The files of a crate: of a folder, or of one zip. */
async function crateOf(files: readonly File[]): Promise<CrateFiles> {
  const [first, ...others] = files;
  if (others.length === 0 && /\.zip$/i.test(first.name)) return filesOfZip(new Uint8Array(await first.arrayBuffer()));
  return new Map(
    files.map((file) => [
      file.webkitRelativePath.split('/').slice(1).join('/') || file.name,
      async () => new Uint8Array(await file.arrayBuffer()),
    ]),
  );
}

async function check(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  say([{ says: 'Checking …' }]);
  try {
    if (!globalThis.crypto?.subtle)
      throw new Error('This browser computes no digests here: open the page as a file, or over https.');
    // SAFETY: the page carries what `publishedHtml` wrote into it.
    const publication = JSON.parse(carried?.textContent ?? '') as Publication;
    const findings = await checkPage(
      {
        ...publication,
        page: readingOf(document.documentElement),
        sections: [...document.querySelectorAll('main > section')].map(readingOf),
      },
      await crateOf(files),
    );
    const whole = findings.every(({ holds }) => holds);
    const verdict = whole
      ? 'The page and the crate belong together, and neither was changed.'
      : 'The page and the crate do not agree.';
    say([{ says: verdict, holds: whole }, ...findings]);
  } catch (error) {
    say([{ holds: false, says: `This could not be checked: ${error instanceof Error ? error.message : error}` }]);
  }
}

/** Shows findings, one a line. */
function say(findings: (Omit<Finding, 'holds'> & { holds?: boolean })[]): void {
  said?.replaceChildren(
    ...findings.map(({ holds, says }) => {
      const line = document.createElement('p');
      line.textContent = `${holds === undefined ? '' : holds ? '✓ ' : '✗ '}${says}`;
      return line;
    }),
  );
}

for (const input of document.querySelectorAll<HTMLInputElement>('#check input'))
  input.addEventListener('change', () => void check([...(input.files ?? [])]));
