import { Worker } from 'node:worker_threads';
import { BregmaError, saidBy } from '@bregma/core/errors';
import { exchange } from '@bregma/core/within';
import { type ChartSpec, readChart } from '@bregma/webviews/chart/model';
import { dataNames } from './call.ts';
import type { FencedCell } from './document.ts';
import type { ChartData, Row } from './draw/chart-rows.ts';
import type { Picture } from './draw/draw.ts';
import { isObject } from './tools.ts';
import { readYaml } from './yaml.ts';

/** A chart and the tables that it names. */
export interface ChartRequest {
  spec: Record<string, unknown>;
  /** Name → rows. */
  data: Record<string, Row[]>;
}
/** A chart as SVG for light and for dark themes, and what was left out or doubtful. */
export interface ChartDrawn {
  light: string;
  dark: string;
  warnings: string[];
}

/** A chart that is not there after this long is stopped. */
const longestMs = 20_000;

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
  const { light, dark, warnings } = await drawInWorker({ spec, data }, program, signal);
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

/** Draws in a thread of its own, which is stopped when it takes too long. */
export async function drawInWorker(
  request: ChartRequest,
  program: URL | string,
  signal?: AbortSignal,
): Promise<ChartDrawn> {
  const worker = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
  try {
    return await exchange<ChartDrawn>(worker, {
      post: () => worker.postMessage(request),
      answerIn(drawn: ChartDrawn | { error: string }) {
        if (!('error' in drawn)) return drawn;
        throw new BregmaError('bad-input', `The chart cannot be drawn: ${drawn.error}`, { next: example('vega-lite') });
      },
      died: (how) =>
        new BregmaError(
          'failed',
          `The chart cannot be drawn: ${how instanceof Error ? how.message : 'its thread ended'}`,
        ),
      signal,
      cancelled: 'The chart was cancelled.',
      ms: longestMs,
      late: () =>
        new BregmaError('too-large', `The chart was not drawn after ${longestMs / 1000} s and was stopped.`, {
          next: 'Aggregate in SQL first.',
        }),
    });
  } finally {
    void worker.terminate();
  }
}
