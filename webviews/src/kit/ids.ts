import { h, plain } from './dom.ts';

const idPattern =
  /\b(?:act|tst|exp|apr|rec|stp|twin|hyp|plan)-[0-9a-f]{16}\b|\b[0-9a-f]{64}\b|[a-z0-9][a-z0-9._-]{0,79}@[A-Za-z0-9][A-Za-z0-9._-]{0,79}/g;

/** A button that looks like a link and opens what `id` names. A digest is shortened; its name is read whole. */
export function idLink(id: string, open: (id: string) => void, text = id): HTMLElement {
  const short = /^[0-9a-f]{64}$/.test(text) ? `${text.slice(0, 12)}…` : plain(text, 200);
  return h('button', { type: 'button', class: 'id', title: plain(id, 200), click: () => open(id) }, short);
}

/** Text in which every id is a link. Each id becomes a link at most `most` times, so that a long text stays light. */
export function withLinks(text: string, open: (id: string) => void, most = 300): DocumentFragment {
  const out = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(idPattern)) {
    if (most-- <= 0) break;
    out.append(plain(text.slice(at, match.index), Number.POSITIVE_INFINITY), idLink(match[0], open));
    at = match.index + match[0].length;
  }
  out.append(plain(text.slice(at), Number.POSITIVE_INFINITY));
  return out;
}
