import { readFileSync } from 'node:fs';
import { ObjectRef } from '@bregma/core/contracts/answer';
import { datasetRef, listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { readFigure, titleOf } from '@bregma/figures/figure-model';
import { drawableRows } from '@bregma/readers/drawable-rows';
import * as z from 'zod';
import { drawFigure } from '../draw-figure.ts';
import { statementOf } from '../query/asked.ts';
import { runQuery } from '../query/engine.ts';
import { computedKind } from '../query/kind.ts';

/** Rows that a chart is drawn from at most; as in notebooks. */
const most = { rows: 50_000, characters: 20_000_000, text: 1_000 };

export const drawChart = defineTool({
  name: 'draw_chart',
  question: 'Draw a figure (PNG in the answer, PNG and SVG kept) of a table or query.',
  input: z.object({
    sql: z.string().optional(),
    data: z.string().optional().describe('A table as after FROM'),
    chart: z
      .record(z.string(), z.unknown())
      .describe(
        '{marks: [...], x, y, colour, panelX: column or {column, label, unit, type: log|time|category|diverging, domain}}; marks: bar (beside) line dot fit mean (spread: sd|sem|ci) box violin points histogram cell (heatmap: colour) tick (raster) tuning interval (y1, y2) band rule (at) text',
      ),
    title: z.string().max(300).optional(),
    theme: z.enum(['light', 'dark']).default('light'),
    width: z.number().int().min(240).max(1600).default(760),
  }),
  output: z.object({
    shows: z.string(),
    png: ObjectRef,
    svg: ObjectRef,
    widthPx: z.number(),
    heightPx: z.number(),
    left: z.number().optional(),
    warnings: z.array(z.string()).optional(),
  }),
  effect: 'read',
  async run({ sql, data, chart, title, theme, width }, { workspace, signal }) {
    const spec = readFigure(chart);
    const releases = listDatasets(workspace.ledger);
    const statement = statementOf({ sql, data });
    const { found, parquet } = await runQuery(
      { sql: statement, limit: 0 },
      releases,
      workspace,
      { signal, timeoutMs: 60_000 },
      (found) => ({ found, parquet: readFileSync(found.file) }),
    );
    const { rows } = await drawableRows(parquet, most);
    const used = releases.filter((release) => found.releases.includes(datasetRef(release)));
    const kind = computedKind(used);
    const release = used.map(datasetRef);
    const n = { count: rows.length, of: 'rows' };
    const cut = rows.length < found.rows || !found.complete;
    const completeness = { returned: rows.length, available: found.complete ? found.rows : null, of: 'rows' };
    const { svg, png, shows, left, heightPx } = await drawFigure(
      {
        model: {
          title: title ?? titleOf(spec),
          kind,
          n,
          release,
          completeness: cut ? completeness : undefined,
          spec,
          rows,
        },
        theme,
        widthPx: width,
      },
      signal,
    );
    const objects = {
      png: workspace.objects.put(png, 'image/png'),
      svg: workspace.objects.put(svg, 'image/svg+xml'),
    };
    return {
      value: {
        shows,
        ...objects,
        widthPx: width,
        heightPx,
        left: left > 0 ? left : undefined,
        warnings: cut ? [`Drawn from the first ${rows.length} rows: aggregate in SQL to show all.`] : undefined,
      },
      kind,
      n,
      completeness,
      release,
      licence: [...new Set(used.map(({ card }) => card.licence))],
      cite: [...new Set(used.flatMap(({ card }) => card.cite))],
      inputs: release,
      outputs: [objects.png.object, objects.svg.object],
      images: [objects.png.object],
    };
  },
});
