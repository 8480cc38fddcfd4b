// The thread in which a chart is drawn. A specification is text that anybody wrote: here it can be stopped, and what it loads
// (Plot, a document, the rasteriser) costs nothing to a server that draws nothing.
import { parentPort } from 'node:worker_threads';
import { BregmaError, saidBy } from '@bregma/core/errors';
import { describeChart } from '@bregma/figures/describe-chart';
import { drawChart } from '@bregma/figures/draw-chart';
import { boxesInWords, rasterise } from '@bregma/figures/rasterise';
import type { FigureReply, FigureRequest } from './draw-figure.ts';

async function drawn({ model, theme, widthPx }: FigureRequest): Promise<FigureReply> {
  const shows = describeChart(model);
  const { svg, left, heightPx, notes } = drawChart(model, shows, theme, widthPx);
  return { svg, png: await rasterise(svg), shows, left, notes, heightPx, boxes: boxesInWords(svg) };
}

parentPort?.on('message', async (request: FigureRequest) => {
  try {
    parentPort?.postMessage(await drawn(request));
  } catch (error) {
    const { message, next } = saidBy(error);
    const code = error instanceof BregmaError ? error.code : undefined;
    parentPort?.postMessage({ failed: { code, message, next } } satisfies FigureReply);
  }
});
