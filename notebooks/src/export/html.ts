import MarkdownIt from 'markdown-it';
import type { Cell, Notebook } from '../document.ts';
import type { Picture } from '../draw/draw.ts';
import type { Freshness } from '../freshness.ts';
import { readFrontMatter } from '../front-matter.ts';
import { doubtsHtml } from './doubt.ts';
import { type DrawSvg, pictureHtml } from './picture-html.ts';
import { escapeHtml, visible } from './text.ts';

/** What a cell shows when it is exported. */
export interface ExportedCell {
  cell: Cell;
  pictures: Picture[];
  freshness?: Freshness;
  /** Why there is no picture. */
  problem?: string;
}

/** Raw HTML in prose stays text, and no link runs a script. */
const markdown = new MarkdownIt({ html: false, linkify: false });

/** A notebook as one file that needs nothing else: no script, no style, no picture from outside. script: what its policy lets run. */
export async function notebookHtml(
  notebook: Notebook,
  cells: ExportedCell[],
  drawSvg: DrawSvg,
  file: string,
  script = '',
): Promise<string> {
  const { title = file, releases, twins } = readFrontMatter(notebook.frontMatter);
  const parts = await Promise.all(cells.map((cell) => cellHtml(cell, drawSvg)));
  const pins = [...releases, ...twins];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'${script}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${parts.join('\n')}
</main>
<footer>${pins.length > 0 ? `<p>Pinned: ${escapeHtml(pins.join(' · '))}</p>` : ''}<p>Made with Bregma from ${escapeHtml(file)}. Each result names the activity that made it: <code>bregma trace ID</code> shows where it comes from, <code>bregma replay ID</code> makes it again.</p></footer>
</body>
</html>
`;
}

async function cellHtml(shown: ExportedCell, drawSvg: DrawSvg): Promise<string> {
  const { cell, pictures } = shown;
  if (cell.kind === 'prose') return `<section class="prose">${markdown.render(visible(cell.text))}</section>`;
  const name = cell.info.name ? `<span class="name">${escapeHtml(cell.info.name)}</span>` : '';
  const drawn = await Promise.all(pictures.map((picture) => pictureHtml(picture, drawSvg)));
  return `<section class="cell"><header>${escapeHtml(cell.kind)} ${name}</header><pre><code>${escapeHtml(cell.text)}</code></pre>${doubtsHtml(shown)}${drawn.join('')}</section>`;
}

const style = `
:root { color-scheme: light dark; --line: light-dark(#d0d0d0, #454545); --quiet: light-dark(#5a5a5a, #a5a5a5); --raised: light-dark(#f6f6f6, #252526); }
body { background: light-dark(#fff, #1f1f1f); color: light-dark(#1f1f1f, #d4d4d4); font: 16px/1.55 system-ui, sans-serif; margin: 2rem auto; max-width: 52rem; padding: 0 1rem; }
pre { background: var(--raised); border-radius: 4px; font: 13px/1.45 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; padding: 0.7rem 0.9rem; white-space: pre-wrap; }
.cell { margin: 1.5rem 0; } .cell > header { color: var(--quiet); font-size: 0.8rem; } .name { font-family: ui-monospace, monospace; }
figure { margin: 0.8rem 0; } img { height: auto; max-width: 100%; } .pixels { display: flex; flex-wrap: wrap; gap: 0.8rem; } .pixels figure { margin: 0; } .pixels img { image-rendering: pixelated; } .wide { max-height: 32rem; overflow: auto; }
table { border-collapse: collapse; font-size: 0.875rem; } th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.8rem 0.2rem 0; text-align: left; overflow-wrap: anywhere; } .number { font-variant-numeric: tabular-nums; text-align: right; }
figcaption, footer { color: var(--quiet); font-size: 0.8rem; } dl { display: grid; gap: 0 0.8rem; grid-template-columns: max-content 1fr; margin: 0.3rem 0; } dd { margin: 0; overflow-wrap: anywhere; }
.kind { border: 1px solid currentColor; border-radius: 3px; padding: 0 0.4em; white-space: nowrap; } .simulated { border-style: dashed; } .imputed { border-style: dotted; } .synthetic { border-style: double; border-width: 3px; }
.stale { border-left: 4px solid light-dark(#8a5a00, #e0b040); padding-left: 0.6rem; } .missing { color: var(--quiet); }
#check { border-top: 1px solid var(--line); font-size: 0.875rem; margin-top: 1.5rem; padding-top: 0.8rem; } #check label { display: block; margin: 0.5rem 0; } #check input { display: block; font: inherit; margin-top: 0.2rem; } #check-said p { margin: 0.2rem 0; }
`;
