import { plain } from '@bregma/core/contracts/plain-text';
import type { ComponentChild } from 'preact';

const idPattern =
  /\b(?:act|tst|exp|apr|rec|stp|twin|hyp|plan)-[0-9a-f]{16}\b|\b[0-9a-f]{64}\b|[a-z0-9][a-z0-9._-]{0,79}@[A-Za-z0-9][A-Za-z0-9._-]{0,79}/g;

/** Opens what an id names. */
export type Open = (id: string) => void;

/** A button that looks like a link and opens what `id` names. A digest is shortened; its name is read whole. */
export const IdLink = ({ id, open }: { id: string; open: Open }) => (
  <button type="button" class="id" title={plain(id, 200)} onClick={() => open(id)}>
    {/^[0-9a-f]{64}$/.test(id) ? `${id.slice(0, 12)}…` : plain(id, 200)}
  </button>
);

/** Text in which every id is a link. At most `most` become links, so that a long text stays light. */
export function WithLinks({ text, open, most = 300 }: { text: string; open: Open; most?: number }) {
  const parts: ComponentChild[] = [];
  let at = 0;
  for (const match of text.matchAll(idPattern)) {
    if (parts.length >= 2 * most) break;
    parts.push(plain(text.slice(at, match.index), Number.POSITIVE_INFINITY), <IdLink id={match[0]} open={open} />);
    at = match.index + match[0].length;
  }
  return (
    <>
      {parts}
      {plain(text.slice(at), Number.POSITIVE_INFINITY)}
    </>
  );
}

/** A table may be wider than the page: it scrolls by itself, also from the keyboard. */
export const Scrolled = ({ label, children }: { label: string; children: ComponentChild }) => (
  <div class="scrolled" tabIndex={0} role="region" aria-label={label}>
    {children}
  </div>
);

/** A term and what it is, in a list of facts. */
export const Fact = ({ name, children }: { name: string; children: ComponentChild }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
