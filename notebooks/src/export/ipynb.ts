import { createHash } from 'node:crypto';
import { BregmaError, saidBy } from '@bregma/core/errors';
import { type Cell, type CellInfo, cellKinds, type Notebook, plainLines, readInfo, writeInfo } from '../document.ts';
import { closesFence } from '../fence.ts';
import { frontMatterForm } from '../parse.ts';
import { isObject } from '../tools.ts';
import { doubtsOf } from './doubt.ts';
import type { ExportedCell } from './html.ts';
import { type DrawSvg, pictureHtml } from './picture-html.ts';
import { escapeHtml, visible } from './text.ts';

type Json = Record<string, unknown>;

/** A notebook in Jupyter's form (nbformat 4.5). What Jupyter does not know is in each cell's metadata, so that `fromIpynb` gets it back. */
export async function toIpynb({ frontMatter }: Notebook, cells: ExportedCell[], drawSvg: DrawSvg): Promise<string> {
  const written = await Promise.all(cells.map((cell, i) => writeCell(cell, i, drawSvg)));
  const notebook = {
    cells: written,
    metadata: {
      kernelspec: { name: 'bregma', display_name: 'Bregma' },
      language_info: { name: 'bregma', file_extension: '.bregma.md' },
      ...(frontMatter && { bregma: { front_matter: frontMatter } }),
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

async function writeCell(shown: ExportedCell, index: number, drawSvg: DrawSvg): Promise<Json> {
  const { cell, pictures } = shown;
  const id = `cell-${index}-${createHash('sha256').update(cell.text).digest('hex').slice(0, 8)}`;
  const source = lines(cell.text);
  if (cell.kind === 'prose') return { cell_type: 'markdown', id, metadata: {}, source };
  const html = await Promise.all(pictures.map((picture) => pictureHtml(picture, drawSvg)));
  return {
    cell_type: 'code',
    execution_count: null,
    id,
    metadata: { bregma: { kind: cell.kind, info: writeInfo(cell.info).trim() } },
    outputs: [
      ...doubtsOf(shown).map((doubt) => output(`<p>${escapeHtml(doubt)}</p>`, visible(doubt))),
      ...html.map((text, i) => output(text, plainOf(pictures[i].model))),
    ],
    source,
  };
}

const output = (html: string, plain: string): Json => ({
  output_type: 'display_data',
  metadata: {},
  data: { 'text/html': lines(html), 'text/plain': lines(plain) },
});

const plainOf = (model: unknown): string => {
  // SAFETY: models are objects, whose captions are texts where they have them; they are only printed.
  const { title, kind, activity } = model as { title?: string; kind?: string; activity?: string };
  return [title, kind && `(${kind})`, activity].filter(Boolean).join(' ') || 'result';
};

/** A text as Jupyter keeps it: a list of lines, each with its end. */
const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** What a Jupyter notebook became. */
export interface Imported {
  notebook: Notebook;
  /** Cells of another language: they are kept as prose and cannot run here. */
  others: number;
}

/** Reads a Jupyter notebook. Throws `bad-input` when it is none. */
export function fromIpynb(text: string): Imported {
  const file = parseJson(text);
  if (!isObject(file) || !Array.isArray(file.cells) || typeof file.nbformat !== 'number')
    throw new BregmaError('bad-input', 'This is no Jupyter notebook: it has no cells and no nbformat.', {
      next:
        file && isObject(file) && 'worksheets' in file
          ? 'Convert it with `jupyter nbconvert --to notebook` first.'
          : undefined,
    });
  const metadata = isObject(file.metadata) ? file.metadata : {};
  const own = isObject(metadata.bregma) ? textOf(metadata.bregma.front_matter) : '';
  const language = isObject(metadata.language_info) ? textOf(metadata.language_info.name) : '';
  let others = 0;
  const cells = file.cells.filter(isObject).map((cell): Cell => {
    const source = plainLines(Array.isArray(cell.source) ? cell.source.map(textOf).join('') : textOf(cell.source));
    if (cell.cell_type !== 'code') return { kind: 'prose', text: source };
    const kept = ownCell(cell, source) ?? sqlMagic(source);
    if (kept) return kept;
    others++;
    return { kind: 'prose', text: fenced(source, language || 'python') };
  });
  return {
    notebook: {
      bom: false,
      eol: '\n',
      // Front matter and nothing behind it, which nobody would see in the cells.
      ...(own !== '' && frontMatterForm.exec(own)?.[0] === own && { frontMatter: own }),
      cells,
    },
    others,
  };
}

/** A member that should be a text, where it is one. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new BregmaError('bad-input', `This is no Jupyter notebook: ${saidBy(error).message.slice(0, 200)}`);
  }
}

function ownCell(cell: Json, text: string): Cell | undefined {
  const own = isObject(cell.metadata) ? cell.metadata.bregma : undefined;
  const kind = isObject(own) ? cellKinds.find((one) => one === own.kind) : undefined;
  if (!kind || !isObject(own)) return undefined;
  const info: CellInfo = readInfo(textOf(own.info).replace(/[\r\n`]/g, ' '));
  return { kind, info, text };
}

/** `%%sql` at the top of a cell. */
function sqlMagic(source: string): Cell | undefined {
  const [, text] = /^%%sql[^\n]*\n(.*)$/s.exec(source) ?? [];
  return text === undefined ? undefined : { kind: 'sql', info: { more: [] }, text: text.replace(/\n$/, '') };
}

function fenced(source: string, language: string): string {
  let mark = '```';
  while (source.split('\n').some((line) => closesFence(line, mark))) mark += '`';
  return `${mark}${language.replace(/[^\w+#.-]/g, '')}\n${source}\n${mark}`;
}
