import { brief } from '@bregma/core/contracts/plain-text';

/** Lines of about `most` characters, broken at spaces; what does not fit into `lines` ends in an ellipsis. */
export function wrapped(words: string, most: number, lines: number): string[] {
  const found: string[] = [];
  let line = '';
  for (const word of brief(words, most * lines + 100).split(' ')) {
    if (line && line.length + word.length + 1 > most) {
      found.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  if (line) found.push(line);
  if (found.length <= lines) return found.map((kept) => brief(kept, most + 40));
  return [...found.slice(0, lines - 1), brief(found.slice(lines - 1).join(' '), most)];
}
