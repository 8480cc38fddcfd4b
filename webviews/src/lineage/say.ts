import { plain } from '../shared/dom.ts';
import type { Box } from './graph.ts';
import { wordOf } from './signs.ts';

/** First line of a box: what it is called. */
export function titleOf({ role, label, count, id }: Box): string {
  const name = plain(label || id, 300);
  if (role === 'group') return `${count} × ${name}`;
  return role === 'more' ? `${count} more ${name}` : name;
}

/** Second line of a box: kind, outcome, how its values came to be. */
export function factsOf({ kind, status, role, valueKind, count, found, demo }: Box): string {
  const facts = [
    wordOf(kind),
    status && status !== 'ok' && status !== valueKind ? plain(status, 100) : '',
    role === 'thing' && count > 1 ? `× ${count}` : '',
    demo ? 'demonstration key' : '',
    role !== 'thing' && found > 0 ? `${found} found` : '',
  ];
  return facts.filter(Boolean).join(', ');
}

/** A box in words, for a screen reader. */
export function wordsOf(box: Box, rests: number, used: number): string {
  const does = box.role === 'thing' ? '' : box.role === 'group' ? ', Enter opens the group' : ', Enter shows more';
  const kind = box.valueKind ? `, ${plain(box.valueKind, 40)}` : '';
  return `${titleOf(box)}, ${factsOf(box)}${kind}, rests on ${rests}, ${used} ${used === 1 ? 'rests' : 'rest'} on it${does}`;
}
