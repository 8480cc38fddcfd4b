import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { BregmaError, saidBy, throwIfCancelled } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
import { forkProgram } from '@bregma/readers/fork-program';
import { longestWait, type ProcessLimits } from '@bregma/readers/watch-itself';
import { type ChartModel, type ChartSpec, readChart } from '@bregma/webviews/chart/model';
import { dataNames } from './call.ts';
import type { FencedCell } from './document.ts';
import type { ChartData, Row } from './draw/chart-rows.ts';
import type { Picture } from './draw/draw.ts';
import { isObject } from './tools.ts';
import { readYaml } from './yaml.ts';

/** A chart of Vega-Lite with the tables that it names, each as name → rows, or one of the grammar of plot cells. */
export type ChartRequest = { spec: Record<string, unknown>; data: Record<string, Row[]> } | { plot: ChartModel };

/** A chart as SVG for light and for dark themes, and what was left out or doubtful. */
export interface ChartDrawn {
  light: string;
  dark: string;
  warnings: string[];
  /** What it shows, in words, where that can be told. */
  words?: string;
}

/** What the drawing of one chart may take. */
const chartLimits: ProcessLimits = { bytes: 900e6, ms: 15_000 };

/**
 * The picture of a `plot` or `vega-lite` cell. dataOf: the rows of an earlier cell. program: the bundled chart-worker. Throws
 * `bad-input` with what is wrong in the specification.
 */
export async function drawChart(
  cell: FencedCell,
  dataOf: (name: string) => Promise<ChartData>,
  program: URL | string,
  signal?: AbortSignal,
): Promise<Picture> {
  const spec = readYaml(cell.text, 'The cell');
  if (!isObject(spec))
    throw new BregmaError('bad-input', 'A chart has names with values.', { next: example(cell.kind) });
  const names = [...dataNames(spec)];
  if (names.length === 0)
    throw new BregmaError('bad-input', 'The chart names no earlier result.', { next: example(cell.kind) });
  const found = await Promise.all(names.map(dataOf));
  const [{ caption }] = found;
  const title = typeof spec.title === 'string' ? spec.title : (cell.info.name ?? names.join(', '));
  const notes = found.flatMap(({ note }) => note ?? []);
  if (cell.kind === 'plot') {
    const { data: _, title: __, ...rest } = spec;
    let read: ChartSpec;
    try {
      read = readChart(rest);
    } catch (error) {
      throw new BregmaError('bad-input', `The plot cannot be read: ${saidBy(error).message}`, {
        next: example('plot'),
      });
    }
    return {
      view: 'chart',
      model: { ...caption, title, note: notes.join(' ') || undefined, spec: read, rows: found[0].rows },
    };
  }
  const data = Object.fromEntries(names.map((name, i) => [name, found[i].rows]));
  const { light, dark, warnings } = await drawInProcess({ spec, data }, program, signal);
  const alt = typeof spec.description === 'string' ? spec.description : `Chart: ${title}`;
  return {
    view: 'drawing',
    model: { ...caption, title, note: [...notes, ...warnings].join(' ') || undefined, alt, light, dark },
  };
}

const example = (kind: string) =>
  kind === 'plot'
    ? 'Write for example\ndata: cells\nmarks:\n  - mark: bar\n    x: kind\n    y: n'
    : 'Write for example {"data": {"name": "cells"}, "mark": "bar", "encoding": {…}}.';

/**
 * Draws in a process of its own, a few at a time: a specification can ask for more than memory holds, which would end a thread together
 * with all that runs beside it. program: the bundled chart-worker. Throws `bad-input`, `too-large` or `cancelled`.
 */
export async function drawInProcess(
  request: ChartRequest,
  program: URL | string,
  signal?: AbortSignal,
): Promise<ChartDrawn> {
  while (drawing >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  drawing++;
  try {
    if (signal) throwIfCancelled(signal);
    return await drawNow(request, program instanceof URL ? fileURLToPath(program) : program, signal);
  } finally {
    drawing--;
    waiting.shift()?.();
  }
}

/** Charts that are drawn at once; further ones wait. */
const mostAtOnce = 2;
let drawing = 0;
const waiting: (() => void)[] = [];

/** What the process is asked, once. */
export interface ChartTask {
  request: ChartRequest;
  limits: ProcessLimits;
}

async function drawNow(request: ChartRequest, program: string, signal?: AbortSignal): Promise<ChartDrawn> {
  const cannotDraw = (why: string) =>
    new BregmaError('bad-input', `The chart cannot be drawn: ${why.replace(/^The chart cannot be drawn: /, '')}`, {
      next: example('plot' in request ? 'plot' : 'vega-lite'),
    });
  const child = forkProgram(program, tmpdir(), 'arrays');
  child.ref();
  child.channel?.ref();
  try {
    return await exchange<ChartDrawn>(child, {
      post: (unsent) => child.send({ request, limits: chartLimits } satisfies ChartTask, unsent),
      answerIn(drawn: ChartDrawn | { error: string }) {
        if ('error' in drawn) throw cannotDraw(drawn.error);
        return drawn;
      },
      died: (how) => (how instanceof Error ? cannotDraw(how.message) : beyondLimits()),
      signal,
      cancelled: 'The chart was cancelled.',
      // The process watches itself; this is for one that cannot.
      ms: longestWait * chartLimits.ms + 3000,
      late: beyondLimits,
    });
  } finally {
    child.kill('SIGKILL');
  }
}

const beyondLimits = () =>
  new BregmaError(
    'too-large',
    `The chart was stopped: it was not drawn in ${chartLimits.ms / 1000} s of a processor and ${chartLimits.bytes / 1e6} MB.`,
    { next: 'Aggregate in SQL first, and ask for fewer bins, ticks or pixels.' },
  );
