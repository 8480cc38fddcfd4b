import * as z from 'zod/mini';
import { h } from '../kit/dom.ts';
import { Frame } from '../kit/frame.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View } from '../kit/view.ts';
import { raster } from '../raster/view.ts';
import { rates } from '../rates/view.ts';
import { table } from '../table/view.ts';
import type { SimulationPicture } from './simulation-answer.ts';

/** What the page of `run_twin` shows, below each other. */
const Pictures = z.array(z.object({ view: z.enum(['raster', 'rates', 'table']), model: z.unknown() }));

// biome-ignore lint/suspicious/noExplicitAny: each view has its own model, and parses it
const views: Record<SimulationPicture['view'], View<any>> = { raster, rates, table };

/** Several pictures of one answer, below each other. Only chats need it: elsewhere each picture has a frame of its own. */
export const simulation: View<SimulationPicture[]> = {
  name: 'simulation',
  parse: (value) => parsed(Pictures, value, 'simulation'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      el.replaceChildren();
      const frames = now.map((picture) => {
        const frame = new Frame(views[picture.view], el.appendChild(h('section', {})), host);
        frame.show(picture.model);
        return frame;
      });
      return () => {
        for (const frame of frames) frame.dispose();
      };
    });
  },
};
