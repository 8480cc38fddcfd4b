import type { FromAnswer } from '../kit/answer.ts';
import { type Part, picturesOf } from '../kit/pictures-of.ts';
import { raster } from '../raster/from-answer.ts';
import { rates } from '../rates/from-answer.ts';
import { table } from '../table/from-answer.ts';

/** One of the pictures of the page of `run_twin`. */
export interface SimulationPicture {
  view: 'raster' | 'rates' | 'table';
  model?: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: each view has its own model
const parts: Part<any>[] = [
  { view: 'raster', from: raster },
  { view: 'rates', from: rates },
  { view: 'table', from: table },
];

/**
 * `run_twin` in a chat: of a spiking twin the spikes and rates, of every twin the neurons that it lists. What the chat cannot read is
 * said, and the list is shown all the same.
 */
export const simulation: FromAnswer<SimulationPicture[]> = {
  tools: [],
  async draw(call) {
    const { pictures, problems } = await picturesOf(call, parts);
    const said = problems.map(
      (why) => `The spikes are not drawn here: ${why} A notebook cell of this call draws them.`,
    );
    // SAFETY: the models of these parts are objects with a caption, which may have a note.
    const [first] = pictures as { view: string; model: { note?: string } }[];
    if (!first && said.length > 0) throw new Error(said.join(' '));
    if (first && said.length > 0)
      first.model = { ...first.model, note: [first.model.note, ...said].filter(Boolean).join(' ') };
    // SAFETY: the parts above are the views that the page has.
    return pictures.length > 0 ? (pictures as SimulationPicture[]) : undefined;
  },
};
