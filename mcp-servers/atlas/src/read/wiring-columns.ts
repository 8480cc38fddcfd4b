import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { nearest } from '@bregma/core/nearest';
import { identifier } from '@bregma/readers/sql-text';

/**
 * What sources call the columns of wiring, letters and digits alone: neuPrint (bodyId_pre; :START_ID(Body-ID), weight:int), CAVE
 * (pre_pt_root_id), Codex (pre_root_id, syn_count), CATMAID (skid), graph libraries (source, target).
 */
const names = {
  pre: 'pre preid presynaptic presynapticid bodyidpre bodypre prebodyid prerootid preptrootid preskid source sourceid from fromid startidbodyid presynsegid preneuron',
  post: 'post postid postsynaptic postsynapticid bodyidpost bodypost postbodyid postrootid postptrootid postskid target targetid to toid endidbodyid postsynsegid postneuron',
  weight:
    'weight weights syncount synapsecount synapses nsyn nsynapses numsynapses weightint connectivity count strength',
  id: 'id neuron neuronid rootid ptrootid bodyid bodyidlong idbodyid skid cellid',
  kind: 'kind type synapsetype edgetype connectiontype',
  cell_type: 'celltype type primarytype',
  name: 'name instance',
} as const;
/** A column that tables of neurons or connections have under many names. */
export type WiringColumn = keyof typeof names;

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Which column of a file each wanted one is, and what was taken for what, as a sentence. */
export interface FoundColumns {
  of: Partial<Record<WiringColumn, string>>;
  said: string[];
}

/** given: `options.columns`, as {"pre": "my column"}. Throws `bad-input` when it names a column that the file lacks. */
export function findWiringColumns(
  file: string,
  columns: string[],
  wanted: WiringColumn[],
  given: Record<string, unknown>,
): FoundColumns {
  const of: FoundColumns['of'] = {};
  for (const column of wanted) {
    const named = given[column];
    if (named !== undefined) {
      if (!columns.includes(String(named)))
        throw new BregmaError('bad-input', `${path.basename(file)} has no column '${String(named)}'.`, {
          next: `options.columns.${column} can be ${nearest(String(named), columns).join(', ') || columns.slice(0, 30).join(', ')}.`,
        });
      of[column] = String(named);
      continue;
    }
    const known = names[column].split(' ');
    const there = columns.filter((name) => known.includes(plain(name)));
    const [best] = there.sort((a, b) => known.indexOf(plain(a)) - known.indexOf(plain(b)));
    if (best !== undefined) of[column] = best;
  }
  return { of, said: sayTaken(file, of) };
}

/** Takes a column back to be what it is called. */
export function dropColumn(file: string, found: FoundColumns, column: WiringColumn): void {
  delete found.of[column];
  found.said = sayTaken(file, found.of);
}

function sayTaken(file: string, of: FoundColumns['of']): string[] {
  const taken = Object.entries(of).filter(([column, name]) => column !== name);
  if (taken.length === 0) return [];
  return [
    `${path.basename(file)}: ${taken.map(([column, name]) => `${name} is taken for ${column}`).join(', ')}. Option: columns.`,
  ];
}

/** Throws `bad-input` that lists the columns there are, unless all that are needed were found. */
export function needColumns(file: string, columns: string[], { of }: FoundColumns, needed: WiringColumn[]): void {
  const missing = needed.filter((column) => of[column] === undefined);
  if (missing.length === 0) return;
  throw new BregmaError(
    'bad-input',
    `${path.basename(file)} has no column ${missing.map((name) => `'${name}'`).join(', ')}; it has ${columns.slice(0, 30).join(', ')}.`,
    { next: nextFor(columns, missing) },
  );
}

/** What to do where columns were not found. */
function nextFor(columns: string[], missing: WiringColumn[]): string {
  const places = columns.length === 3 && columns.every((name, i) => name === `column${i}`);
  const called = missing.map((name, i) => `"${name}": "${places ? `column${i}` : '…'}"`).join(', ');
  const say = `Say which column it is: options {"columns": {${called}}}.`;
  if (missing.length === 1 && missing[0] === 'weight')
    return `${say} A list without weights needs a column of them, such as 1.`;
  return missing.includes('pre') && !places && (columns.length > 3 || columns[0] === 'column0')
    ? `${say} A matrix is turned into a list of connections first: pandas does it with index_col=0 and stack().`
    : say;
}

/** The columns of a file as a SELECT list: those that were found under their own names, the others behind them as they are. */
export function renamed(
  columns: string[],
  { of }: FoundColumns,
  write: (column: WiringColumn, sql: string) => string,
): string {
  const taken = new Set(Object.values(of));
  const own = Object.keys(of);
  return [
    // SAFETY: `of` was made with these names alone.
    ...Object.entries(of).map(([column, name]) => `${write(column as WiringColumn, identifier(name))} AS ${column}`),
    ...columns
      .filter((name) => !taken.has(name))
      .map(
        (name) => `${identifier(name)} AS ${identifier(own.includes(name.toLowerCase()) ? `${name}_of_file` : name)}`,
      ),
  ].join(', ');
}
