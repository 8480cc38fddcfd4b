import { BregmaError } from '@bregma/core/errors';
import { attribute, resolveEntities, XmlReader } from '../sheet/xml.ts';

/** An element of a small XML document. */
export interface XmlNode {
  name: string;
  children: XmlNode[];
  /** Its own text, entities resolved. */
  text: string;
  /** An attribute; undefined when it is not there. */
  attribute(name: string): string | undefined;
}

/** Elements that a document holds at most, and how deep they lie: no honest one comes near. */
const [mostNodes, deepest] = [200_000, 50];

/** Reads XML as a tree. Throws `corrupt`, naming the file, where it is cut off, not nested, or beyond any honest size. */
export function xmlTree(text: string, file: string): XmlNode {
  const root = node('', '');
  const open: { node: typeof root; text: string[] }[] = [{ node: root, text: [] }];
  let count = 0;
  const reader = new XmlReader({
    open(name, tag, closed) {
      if (++count > mostNodes || open.length > deepest) throw new Error('its XML has too many elements');
      const made = node(name, tag);
      open[open.length - 1].node.children.push(made);
      if (!closed) open.push({ node: made, text: [] });
    },
    close(name) {
      const ended = open.pop();
      if (ended?.node.name !== name) throw new Error(`its XML closes ${name} where it is not open`);
      ended.node.text = resolveEntities(ended.text.join(''));
    },
    text(piece) {
      open[open.length - 1].text.push(piece);
    },
    doctype(tag) {
      // What entities stand for that a file declares itself would be left out.
      if (tag.includes('[')) throw new Error('its XML declares entities of its own');
    },
  });
  try {
    reader.push(text);
    reader.end();
    if (open.length > 1) throw new Error('its XML ends early');
    if (root.children.length === 0) throw new Error('it holds no XML');
  } catch (error) {
    throw new BregmaError('corrupt', `${file} cannot be read: ${error instanceof Error ? error.message : error}.`, {
      next: 'Copy the file again; nothing was added.',
    });
  }
  return root.children[0];
}

const node = (name: string, tag: string): XmlNode => ({
  name,
  children: [],
  text: '',
  attribute: (wanted) => attribute(tag, wanted),
});

/** The children of one name. */
export const childrenOf = (parent: XmlNode | undefined, name: string): XmlNode[] =>
  parent?.children.filter((child) => child.name === name) ?? [];

/** The text of the first child of a name, trimmed. */
export const textIn = (parent: XmlNode | undefined, name: string): string | undefined =>
  childrenOf(parent, name)[0]?.text.trim();

/** Numbers between blanks. Throws `corrupt` where a word is none. */
export function numbersIn(text: string | undefined, what: string): number[] {
  const found = (text ?? '').split(/\s+/).filter(Boolean).map(Number);
  if (found.every((value) => !Number.isNaN(value))) return found;
  throw new BregmaError('corrupt', `${what} is not a list of numbers.`, {
    next: 'Write the file again; nothing was added.',
  });
}
