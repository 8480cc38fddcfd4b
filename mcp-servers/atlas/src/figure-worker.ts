// The process in which charts are drawn. A specification is text that anybody wrote: here it can be stopped and may end by itself, and
// what it loads (Plot, a document, the rasteriser) costs nothing to a server that draws nothing.
import { BregmaError, saidBy } from '@bregma/core/errors';
import { describeChart } from '@bregma/figures/describe-chart';
import { drawChart } from '@bregma/figures/draw-chart';
import { boxesInWords, rasterise } from '@bregma/figures/rasterise';
import { closeNetwork } from '@bregma/readers/offline';
import { watchItself } from '@bregma/readers/watch-itself';
import type { FigureReply, FigureRequest, FigureTask } from './draw-figure.ts';

closeNetwork();

async function drawn({ model, theme, widthPx }: FigureRequest): Promise<FigureReply> {
  const shows = describeChart(model);
  const { svg, left, heightPx, notes } = drawChart(model, shows, { theme, widthPx });
  return { svg, png: await rasterise(svg), shows, left, notes, heightPx, boxes: boxesInWords(svg) };
}

const watch = watchItself({ processors: true });

process.on('message', async ({ request, limits }: FigureTask) => {
  watch.limit(limits);
  try {
    process.send?.(await drawn(request));
  } catch (error) {
    const { message, next } = saidBy(error);
    const code = error instanceof BregmaError ? error.code : undefined;
    process.send?.({ failed: { code, message, next } } satisfies FigureReply);
  } finally {
    watch.limit();
  }
});

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
