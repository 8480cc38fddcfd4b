import type { Activity } from '../contracts/activity.ts';
import type { LedgerRecord } from '../ledger/records.ts';
import { parseNpy } from '../npy.ts';
import type { ObjectStore } from '../objects/objects.ts';
import { pearson } from '../statistics/correlation.ts';
import { type Difference, differences } from './difference.ts';
import { answerOf } from './replay.ts';

/** Numbers at like places of two answers, or of two objects. */
export interface NumbersCompared {
  /** Where: `value.rates[*]`, `outputs[0]`. */
  path: string;
  /** Places where both have a finite number. */
  n: number;
  /** Places where both have one and they differ. */
  differing: number;
  /** Places where only one of them has a finite number. */
  onlyOne: number;
  /** Largest and root mean square difference, in the numbers' own unit. */
  largest: number;
  rms: number;
  /** Pearson correlation, or null where it is not defined. */
  r: number | null;
  /** Before and after, at most `mostPairs`, evenly taken from all. */
  pairs: [number, number][];
}

/** One output of two calls, by digest and, where they differ, by what they hold. */
export interface OutputCompared {
  before: string | null;
  after: string | null;
  equal: boolean;
  /** What was compared, or why the bytes were not read. */
  note: string;
}

/** Two activities side by side. */
export interface ActivitiesCompared {
  /** True when both gave the same bytes: the same answer and the same objects. */
  equal: boolean;
  /** Differences of what was asked: tool, arguments, releases, inputs, seed. */
  asked: Difference[];
  /** Differences of how it was run: code, client, duration, status. */
  run: Difference[];
  answer: Difference[];
  /** True when there are more differences of the answer than are listed. */
  more: boolean;
  numbers: NumbersCompared[];
  outputs: OutputCompared[];
}

const mostDifferences = 200;
const mostText = 2000;
const mostPairs = 1500;
const mostNumbers = 2_000_000;
/** Objects above this many bytes are compared by digest alone. */
const mostBytes = 256 << 20;

/** Compares two activities in what was asked, how it was run, and what came out, number by number. */
export function compareRecords(
  before: LedgerRecord<'activity'>,
  after: LedgerRecord<'activity'>,
  objects: ObjectStore,
): ActivitiesCompared {
  const [a, b] = [before.body, after.body];
  const equal = a.answerDigest === b.answerDigest && a.outputs.join() === b.outputs.join() && a.status === b.status;
  const [was, is] = [answerOf(a, objects), answerOf(b, objects)];
  const answer = equal ? [] : differences(was, is, mostDifferences + 1);
  const numbers = [
    ...numbersIn(was, is),
    ...a.outputs.flatMap((output, i) => numbersInObjects(output, b.outputs[i], i, objects)),
  ];
  return {
    equal,
    asked: differences(asked(a), asked(b), mostDifferences).map(brief),
    run: differences(howRun(a), howRun(b)).map(brief),
    answer: answer.slice(0, mostDifferences).map(brief),
    more: answer.length > mostDifferences,
    numbers: numbers
      .filter(({ n, onlyOne }) => n + onlyOne > 1)
      .sort((x, y) => y.differing + y.onlyOne - (x.differing + x.onlyOne))
      .slice(0, 12),
    outputs: Array.from({ length: Math.max(a.outputs.length, b.outputs.length) }, (_, i) =>
      outputsCompared(a.outputs[i] ?? null, b.outputs[i] ?? null, objects),
    ),
  };
}

/** A difference of which neither side is longer than a cell of a table. */
function brief({ path, before, after, delta }: Difference): Difference {
  const cut = (value: unknown) => {
    const json = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    return json.length > mostText ? `${json.slice(0, mostText)}… (${json.length} characters)` : value;
  };
  return {
    path: path.slice(0, mostText),
    before: cut(before),
    after: cut(after),
    ...(delta === undefined ? {} : { delta }),
  };
}

const asked = ({ server, tool, arguments: given, releases, inputs, seed }: Activity) => ({
  server,
  tool,
  arguments: given,
  releases,
  inputs,
  seed,
});

const howRun = ({ code, client, status, start, end }: Activity) => ({
  code,
  client,
  status,
  durationMs: Date.parse(end) - Date.parse(start),
});

function outputsCompared(before: string | null, after: string | null, objects: ObjectStore): OutputCompared {
  const equal = before === after;
  const missing = [before, after].filter((digest) => digest !== null && !objects.has(digest));
  const note = equal
    ? 'the same bytes'
    : before === null || after === null
      ? 'only one of them has it'
      : missing.length > 0
        ? `not in this workspace: ${missing.map((digest) => digest?.slice(0, 12)).join(', ')}`
        : 'other bytes';
  return { before, after, equal, note };
}

/** Numbers of two JSON values, grouped by path with the outermost index as `*`. */
function numbersIn(before: unknown, after: unknown, root = ''): NumbersCompared[] {
  const was = leaves(before, '');
  const is = leaves(after, '');
  const groups = new Map<string, { x: number[]; y: number[] }>();
  for (const place of new Set([...was.keys(), ...is.keys()])) {
    const path = `${root}${root && !place.startsWith('[') ? '.' : ''}${place.replace(/\[\d+\]/, '[*]')}`;
    let group = groups.get(path);
    if (!group) {
      group = { x: [], y: [] };
      groups.set(path, group);
    }
    group.x.push(was.get(place) ?? Number.NaN);
    group.y.push(is.get(place) ?? Number.NaN);
  }
  return [...groups].map(([path, { x, y }]) => pairUp(path, x, y));
}

/** Every number of a JSON value by its place. */
function leaves(value: unknown, path: string, found = new Map<string, number>()): Map<string, number> {
  if (found.size >= mostNumbers) return found;
  if (typeof value === 'number') found.set(path, value);
  else if (Array.isArray(value)) for (const [i, item] of value.entries()) leaves(item, `${path}[${i}]`, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) leaves(item, path ? `${path}.${key}` : key, found);
  }
  return found;
}

function numbersInObjects(
  before: string,
  after: string | undefined,
  i: number,
  objects: ObjectStore,
): NumbersCompared[] {
  if (after === undefined || before === after) return [];
  const path = `outputs[${i}]`;
  try {
    const [was, is] = [readable(before, objects), readable(after, objects)];
    if (!was || !is) return [];
    if (was[0] === 0x93 && is[0] === 0x93) {
      const [x, y] = [parseNpy(was), parseNpy(is)];
      // 64-bit integers may be ids: they are compared by their bytes alone.
      if (x.data instanceof BigInt64Array || x.data instanceof BigUint64Array) return [];
      if (y.data instanceof BigInt64Array || y.data instanceof BigUint64Array) return [];
      return x.shape.join() === y.shape.join() ? [pairUp(path, x.data, y.data)] : [];
    }
    return was[0] === 0x5b || was[0] === 0x7b
      ? numbersIn(JSON.parse(was.toString('utf8')), JSON.parse(is.toString('utf8')), path)
      : [];
  } catch {
    return []; // neither NPY nor JSON, or damaged: the list of outputs says that the bytes differ
  }
}

function readable(digest: string, objects: ObjectStore): Buffer | undefined {
  const bytes = objects.size(digest);
  return bytes === undefined || bytes > mostBytes ? undefined : objects.get(digest);
}

/** x, y: numbers at like places; NaN is "not measured". */
function pairUp(path: string, x: ArrayLike<number>, y: ArrayLike<number>): NumbersCompared {
  const [both, other]: [number[], number[]] = [[], []];
  let [differing, onlyOne, largest, squares] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i], y[i]];
    if (!Number.isFinite(a) || !Number.isFinite(b)) {
      if (Number.isFinite(a) || Number.isFinite(b)) onlyOne++;
      continue;
    }
    both.push(a);
    other.push(b);
    if (a !== b) differing++;
    largest = Math.max(largest, Math.abs(b - a));
    squares += (b - a) ** 2;
  }
  const n = both.length;
  const r = n > 2 ? pearson(both, other) : Number.NaN;
  const step = Math.max(1, n / mostPairs);
  const pairs = Array.from({ length: Math.min(n, mostPairs) }, (_, i): [number, number] => {
    const at = Math.floor(i * step);
    return [both[at], other[at]];
  });
  return {
    path,
    n,
    differing,
    onlyOne,
    largest,
    rms: n ? Math.sqrt(squares / n) : 0,
    r: Number.isFinite(r) ? r : null,
    pairs,
  };
}
