import { listDatasets } from '@bregma/core/ledger/catalogue';
import { defineTool } from '@bregma/core/mcp/tool';
import { readFigure, titleOf } from '@bregma/figures/figure-model';
import * as z from 'zod';
import { named } from '../brief-analysis.ts';
import { inOrder } from '../category-order.ts';
import { drawFigure } from '../draw-figure.ts';
import { askRows } from '../query/ask-rows.ts';
import { statementOf } from '../query/asked.ts';

/** Rows that a chart is drawn from at most; as in notebooks. */
const most = { rows: 50_000, characters: 20_000_000, text: 1_000 };

export const drawChart = defineTool({
  name: 'draw_chart',
  question: 'Draw a figure of a table or query: PNG in the answer, SVG kept.',
  input: z.object({
    sql: z.string().optional(),
    data: z.string().optional(),
    chart: z
      .record(z.string(), z.unknown())
      .describe(
        '{marks: [...], x, y, colour, panelX: column or {column, label, unit, type: log|category|diverging, domain}}; marks: bar (beside; counts without y) line (each: subject) dot fit mean (spread: sd|sem|ci) box violin points histogram heatmap (colour) raster tuning interval (y1, y2) band rule (at) text',
      ),
    title: z.string().max(300).optional(),
    theme: z.enum(['light', 'dark']).default('light'),
    width: z.number().int().min(240).max(1600).default(760),
  }),
  output: z.object({
    shows: z.string(),
    /** Digests of the objects. */
    png: z.string(),
    svg: z.string(),
    left: z.number().optional(),
    warnings: z.array(z.string()).optional(),
  }),
  effect: 'read',
  brief: ({ png, svg, ...value }) => ({ ...value, ...named({ png, svg }) }),
  async run({ sql, data, chart, title, theme, width }, { workspace, signal }) {
    const spec = readFigure(chart);
    const asked = await askRows(statementOf({ sql, data }, listDatasets(workspace.ledger)), most, workspace, signal);
    const { found } = asked;
    const rows = sql === undefined ? inOrder(asked.rows, spec) : asked.rows;
    const { kind, release, licence, cite, inputs } = asked.sources;
    const n = { count: rows.length, of: 'rows' };
    const cut = rows.length < found.rows || !found.complete;
    const completeness = { returned: rows.length, available: found.complete ? found.rows : null, of: 'rows' };
    const { svg, png, shows, left, notes, boxes } = await drawFigure(
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
    const warnings = [
      ...(cut ? [`Drawn from the first ${rows.length} rows: aggregate in SQL to show all.`] : []),
      ...notes,
      ...(boxes ? [boxes] : []),
    ];
    const objects = {
      png: workspace.objects.put(png, 'image/png').object,
      svg: workspace.objects.put(svg, 'image/svg+xml').object,
    };
    return {
      value: {
        shows,
        ...objects,
        left: left > 0 ? left : undefined,
        warnings: warnings.length > 0 ? warnings : undefined,
      },
      kind,
      n,
      completeness,
      release,
      licence,
      cite,
      inputs,
      outputs: Object.values(objects),
      images: [objects.png],
    };
  },
});
