import { lstatSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { BregmaError } from '@bregma/core/errors';
import { writeWhole } from '@bregma/core/storage';
import { drawInProcess } from '@bregma/notebooks/chart';
import type { Notebook } from '@bregma/notebooks/document';
import type { ExportedCell } from '@bregma/notebooks/export/html';
import type { DrawSvg } from '@bregma/notebooks/export/picture-html';
import type { Publish } from '@bregma/notebooks/export/published';
import { type Runner, showAll, statesOf } from '@bregma/notebooks/run-notebook';
import type { RunFormat } from './formats.ts';
import { picturePngs } from './picture-pngs.ts';

/** What is to be rendered. */
interface Rendered {
  /** The notebook's file, absolute. */
  file: string;
  /** Where to, absolute; without it beside the notebook. */
  out?: string;
  notebook: Notebook;
  runner: Runner;
  /** Puts on record what a page shows. */
  publish: Publish;
}

/**
 * Writes a notebook in another form, with what its cells show from the records. Resolves with the files that it wrote: each whole, and
 * in the place of a link, because a folder that somebody else made may have one where this writes.
 */
export async function renderTo(
  format: RunFormat,
  { file, out, notebook, runner, publish }: Rendered,
): Promise<string[]> {
  const base = file.replace(/\.bregma\.md$/, '');
  const drawSvg: DrawSvg = (request) => drawInProcess(request, runner.source.program, runner.signal);
  const [shown, states] = await Promise.all([showAll(notebook, runner), statesOf(notebook, runner)]);
  const cells = notebook.cells.map(
    (cell, i): ExportedCell => ({
      cell,
      pictures: shown[i].pictures,
      freshness: states[i],
      problem: shown[i].problem,
    }),
  );
  if (format === 'png') return writePngs(out ?? noLink(`${base}-pictures`), cells, drawSvg);
  const target = out ?? `${base}.${format}`;
  const text = await writers[format](notebook, cells, drawSvg, path.basename(file), publish);
  mkdirSync(path.dirname(target), { recursive: true });
  writeWhole(target, text);
  return [target];
}

type Written = [notebook: Notebook, cells: ExportedCell[], drawSvg: DrawSvg, file: string, publish: Publish];

/** What exports is loaded when it is asked for. */
const writers = {
  html: async (...given: Written) => (await import('@bregma/notebooks/export/published')).publishedHtml(...given),
  ipynb: async (...[notebook, cells, drawSvg]: Written) =>
    (await import('@bregma/notebooks/export/ipynb')).toIpynb(notebook, cells, drawSvg),
  qmd: async (...[notebook, cells, drawSvg]: Written) =>
    (await import('@bregma/notebooks/export/quarto')).toQuarto(notebook, cells, drawSvg),
};

/** A folder that nobody named. Throws `not-allowed` when it is a link, which could lead anywhere. */
function noLink(folder: string): string {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return folder;
  throw new BregmaError('not-allowed', `${folder} is a link: no picture was written through it.`, {
    next: 'Remove it, or name a folder with --out.',
  });
}

/** One file a picture, named by its cell. */
async function writePngs(folder: string, cells: ExportedCell[], drawSvg: DrawSvg): Promise<string[]> {
  const wrote: string[] = [];
  for (const [i, { cell, pictures }] of cells.entries()) {
    if (cell.kind === 'prose') continue;
    const pngs = (await Promise.all(pictures.map((picture) => picturePngs(picture, drawSvg)))).flat();
    for (const [number, png] of pngs.entries()) {
      const name = `${cell.info.name ?? `cell-${i + 1}`}${pngs.length > 1 ? `-${number + 1}` : ''}.png`;
      mkdirSync(folder, { recursive: true });
      writeWhole(path.join(folder, name), png);
      wrote.push(path.join(folder, name));
    }
  }
  return wrote;
}
