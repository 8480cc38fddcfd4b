/** What a fenced block of a notebook can be. Every other fence is prose. */
export const cellKinds = ['sql', 'bregma', 'plot', 'vega-lite', 'hypothesis'] as const;
/** What a fenced cell holds. */
export type CellKind = (typeof cellKinds)[number];

/** What stands after the kind on the first line of a fence: ```` ```sql name=cells activity=act-… ```` */
export interface CellInfo {
  /** Name under which later cells use the result. */
  name?: string;
  /** Id of the activity whose answer the cell shows. It stands in the block at the end; notebooks of earlier builds have it here. */
  activity?: string;
  /** Further words in their order, `key=value` or a bare word, as they stand in the file. */
  more: string[];
}

interface ProseCell {
  kind: 'prose';
  /** Markdown, lines ended by \n, without the blank lines around it. */
  text: string;
}

/** A cell between fences, with the options of its first line. */
export interface FencedCell {
  kind: CellKind;
  info: CellInfo;
  /** What stands between the fences, lines ended by \n, without the last line's end. */
  text: string;
}

/** A cell without its place in a file. */
export type CellContent = ProseCell | FencedCell;

/** A cell with the very characters it was read from: these are written again for as long as the content is the same. */
export type Cell = CellContent & { raw?: string };

/** A `*.bregma.md` file: written back unchanged it gives the same bytes. */
export interface Notebook {
  /** Byte order mark at the start of the file. */
  bom: boolean;
  /** Line end of new lines: that of the file's first line. */
  eol: '\n' | '\r\n';
  /** Front matter with its fences and the line end after them, as it stands in the file. */
  frontMatter?: string;
  cells: Cell[];
  /** The block at the end that says which activity each cell shows, as it stands in the file. */
  results?: string;
  /** So many cells stand above that block, where somebody wrote others below it; undefined: all. It goes to the end when it changes. */
  resultsAt?: number;
}

export const cellName = /^[A-Za-z_][\w-]{0,59}$/;
const activityId = /^act-[0-9a-f]{16}$/;

/** Whether two cells say the same. Line ends do not count: an editor rewrites them in its own memory. */
export const sameContent = (a: CellContent, b: CellContent): boolean =>
  a.kind === b.kind &&
  plainLines(a.text) === plainLines(b.text) &&
  (a.kind === 'prose' || b.kind === 'prose' || writeInfo(a.info) === writeInfo(b.info));

/** Text with every line end as \n, and no byte order mark before it. */
export const plainLines = (text: string): string => text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');

/** ` name=cells activity=act-…`, with a space before each word. */
export function writeInfo({ name, activity, more }: CellInfo): string {
  return [name && `name=${name}`, ...more, activity && `activity=${activity}`]
    .filter(Boolean)
    .map((word) => ` ${word}`)
    .join('');
}

/** Reads the words after the kind. A name or an activity of another form stays among `more`, so that nothing is lost. */
export function readInfo(text: string): CellInfo {
  const info: CellInfo = { more: [] };
  for (const word of text.split(/[ \t]+/).filter(Boolean)) {
    const [, key, value] = /^(name|activity)=(.*)$/s.exec(word) ?? [];
    if (key === 'name' && info.name === undefined && cellName.test(value)) info.name = value;
    else if (key === 'activity' && info.activity === undefined && activityId.test(value)) info.activity = value;
    else info.more.push(word);
  }
  return info;
}
