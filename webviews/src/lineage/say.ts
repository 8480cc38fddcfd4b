import { plain } from '@bregma/core/contracts/plain-text';
import { isValueKind } from '../kit/kind-mark.ts';
import type { Box } from './graph.ts';
import { wordOf } from './signs.ts';

/** First line of a box: what it is called. */
export function titleOf({ role, label, count, id, kind, status }: Box): string {
  if (role === 'thing' && kind === 'test' && status) return plain(status, 100);
  const name = plain(label || id, 300);
  if (role === 'group') return `${count} × ${name}`;
  return role === 'more' ? `${count} more ${name}` : name;
}

/** Second line of a box: kind, outcome, how its values came to be. */
export function factsOf({ kind, status, label, role, valueKind, count, found, demo }: Box): string {
  const verdict = role === 'thing' && kind === 'test' && status;
  const facts = [
    wordOf(kind),
    verdict ? plain(label, 200) : '',
    !verdict && status && status !== 'ok' ? plain(status, 100) : '',
    role === 'thing' && count > 1 ? `× ${count}` : '',
    demo ? 'demonstration key' : '',
    isValueKind(valueKind) && !status?.includes(valueKind) ? valueKind : '',
    role !== 'thing' && found > 0 ? `${found} found` : '',
  ];
  return facts.filter(Boolean).join(', ');
}

/** What a picture of a box cannot say in its two lines, for a screen reader. */
export function more(box: Box, rests: number, used: number): string {
  const does = box.role === 'thing' ? '' : box.role === 'group' ? '. Enter opens the group' : '. Enter shows more';
  return `Rests on ${rests}; ${used} ${used === 1 ? 'rests' : 'rest'} on it${does}.`;
}

/** What a reader must not take for settled: it failed, was refuted or cancelled, is damaged, or no person stands behind it. */
export const isBad = ({ status, demo }: Pick<Box, 'status' | 'demo'>) =>
  demo === true || /^(failed|cancelled|refuted|damaged)/.test(status ?? '');
