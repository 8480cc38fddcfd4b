/** A fence that is open: how far it is indented, its characters, and what stands behind them. */
interface Fence {
  indent: number;
  mark: string;
  info: string;
}

const opening = /^( {0,3})(`{3,}|~{3,})([^\r\n]*)/;

/** The fence that this line opens, or undefined. Behind backticks there is no backtick (CommonMark 4.5). */
function openFence(line: string): Fence | undefined {
  const [, indent, mark, info] = opening.exec(line) ?? [];
  if (mark === undefined || (mark[0] === '`' && info.includes('`'))) return undefined;
  return { indent: indent.length, mark, info: info.trim() };
}

/** Whether the line closes the fence: the same character, at least as often, and nothing behind it. */
export function closesFence(line: string, mark: string): boolean {
  const bare = line.replace(/^ {0,3}/, '').trimEnd();
  return bare.length >= mark.length && bare === mark[0].repeat(bare.length);
}

/** A part of a text that is read as a whole: a line, or all lines of a fence or of an HTML comment. */
export interface Block {
  lines: string[];
  fence?: Fence;
  /** What would have to follow for the block to end: nothing, when it has ended. */
  missing?: string;
}

/** Cuts a text into blocks. The lines of all blocks, joined, are the text. */
export function* blocksOf(text: string): Generator<Block> {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  for (let at = 0; at < lines.length; ) {
    const first = at++;
    const fence = openFence(lines[first]);
    const comment = !fence && /^ {0,3}<!--/.test(lines[first]) && !lines[first].includes('-->');
    const ends = fence ? (line: string) => closesFence(line, fence.mark) : (line: string) => line.includes('-->');
    let ended = !fence && !comment;
    while (!ended && at < lines.length) ended = ends(lines[at++]);
    yield { lines: lines.slice(first, at), fence, ...(!ended && { missing: fence ? fence.mark : '-->' }) };
  }
}
