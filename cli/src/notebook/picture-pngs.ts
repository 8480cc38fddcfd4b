import { captioned } from '@bregma/figures/captioned';
import { describeChart } from '@bregma/figures/describe-chart';
import { drawChart } from '@bregma/figures/draw-chart';
import { boxesInWords, rasterise } from '@bregma/figures/rasterise';
import type { Picture } from '@bregma/notebooks/draw/draw';
import { drawingsOf } from '@bregma/notebooks/export/drawings';
import type { DrawSvg } from '@bregma/notebooks/export/picture-html';
import type { ChartModel } from '@bregma/webviews/chart/model';
import type { Caption } from '@bregma/webviews/kit/caption';

/** What of a picture is drawn, as PNG files: charts by the one grammar, as draw_chart has them. None: words, numbers, a table. */
export async function picturePngs({ view, model }: Picture, drawSvg: DrawSvg): Promise<Uint8Array[]> {
  if (view === 'chart') {
    // SAFETY: a picture of this view has its model.
    const chart = model as ChartModel;
    return [await drawn(drawChart(chart, describeChart(chart)).svg)];
  }
  const drawings = await drawingsOf({ view, model }, drawSvg);
  // SAFETY: every model carries a caption, as views need it.
  return Promise.all(drawings.map((svg) => drawn(captioned(svg, model as Caption))));
}

/** An SVG as PNG; what its font lacks is said on stderr. */
function drawn(svg: string): Promise<Uint8Array> {
  const boxes = boxesInWords(svg);
  if (boxes) console.error(boxes);
  return rasterise(svg);
}
