import { useLayoutEffect, useRef } from 'preact/hooks';
import * as z from 'zod/mini';
import { type Shown, shownBy } from '../kit/component.tsx';
import { Frame } from '../kit/frame.tsx';
import { parsed } from '../kit/parsed.ts';
import type { View, ViewHost } from '../kit/view.ts';
import { raster } from '../raster/view.tsx';
import { rates } from '../rates/view.tsx';
import { table } from '../table/view.tsx';
import type { SimulationPicture } from './simulation-answer.ts';

/** What the page of `run_twin` shows, below each other. */
const Pictures = z.array(z.object({ view: z.enum(['raster', 'rates', 'table']), model: z.unknown() }));

// biome-ignore lint/suspicious/noExplicitAny: each view has its own model, and parses it
const views: Record<SimulationPicture['view'], View<any>> = { raster, rates, table };

const Body = ({ model, host }: Shown<SimulationPicture[]>) => (
  <>
    {model.map((picture, i) => (
      <Picture key={`${i} ${picture.view}`} picture={picture} host={host} />
    ))}
  </>
);

function Picture({ picture: { view, model }, host }: { picture: SimulationPicture; host: ViewHost }) {
  const place = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (!place.current) return undefined;
    const frame = new Frame(views[view], place.current, host);
    frame.show(model);
    return () => frame.dispose();
  }, [view, model]);
  return <section ref={place} />;
}

/** Several pictures of one answer, below each other. Only chats need it: elsewhere each picture has a frame of its own. */
export const simulation: View<SimulationPicture[]> = {
  name: 'simulation',
  parse: (value) => parsed(Pictures, value, 'simulation'),
  render: shownBy(Body),
};
