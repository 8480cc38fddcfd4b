import { colourBar } from '../kit/colour-bar.tsx';
import { extent } from '../kit/colour-scales.ts';
import { h, plain } from '../kit/dom.ts';
import { type Figure, figure, nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import { bytesOf } from '../kit/numbers.ts';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View } from '../kit/view.ts';
import { ImageModel } from './model.ts';
import { commonRange, type Picture, pictures, rgba } from './pixels.ts';
import style from './view.css';

/** Pictures that are put into the page at once. */
const page = 60;

/** One picture or many, on one scale of colours, with the value of each pixel. */
export const image: View<ImageModel> = {
  name: 'image',
  style,
  parse: (value) => parsed(ImageModel, value, 'image'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const all = pictures(now);
      const range = commonRange(all, now);
      const scale = now.scale ?? 'grey';
      const missing = all.some((picture) => picture?.values.some(Number.isNaN));
      const gallery = h('div', { class: now.images.length === 1 ? 'gallery single' : 'gallery' });
      let from = 0;
      const first = () => gallery.querySelector('canvas') ?? undefined;
      const pager = h('p', { class: 'pager' });
      const frame = figure(el, {
        caption: now,
        host,
        picture: all.length === 1 && all[0] ? first : undefined,
        table: () => ({
          columns: ['image', 'width (px)', 'height (px)', 'lowest', 'highest', 'not measured'],
          rows: now.images.map(({ label }, i) => summary(label, all[i])),
        }),
      });
      if (now.images.length === 0) {
        frame.body.append(nothing('There are no images.'));
        return undefined;
      }
      const draw = () => {
        gallery.replaceChildren(
          ...now.images.slice(from, from + page).map(({ label, file }, i) => {
            const picture = all[from + i];
            const shownImage = picture
              ? canvasOf(picture, scale, range, frame, now)
              : h('img', { alt: plain(label, 200), src: file && dataUrl(file) });
            return h('figure', {}, shownImage, h('figcaption', {}, plain(label, 120)));
          }),
        );
        turn(pager, from, now.images.length, (next) => {
          from = next;
          draw();
        });
      };
      draw();
      frame.body.append(gallery, pager);
      if (range) frame.body.append(colourBar(scale, range.low, range.high, now.unit ?? 'no unit given', missing));
      if (now.pixelSize) frame.hint(`One pixel is ${shown(now.pixelSize.size)} ${now.pixelSize.unit}.`);
      return undefined;
    });
  },
};

function dataUrl({ mediaType, bytes }: { mediaType: string; bytes: string | Uint8Array }): string {
  if (typeof bytes === 'string') return `data:${mediaType};base64,${bytes}`;
  let text = '';
  for (const byte of bytesOf(bytes)) text += String.fromCharCode(byte);
  return `data:${mediaType};base64,${btoa(text)}`;
}

/** A canvas that reads out pixels: under the pointer, or with arrow keys. */
function canvasOf(
  picture: Picture,
  scale: 'grey' | 'sequential' | 'diverging',
  range: Parameters<typeof rgba>[2],
  frame: Figure,
  model: ImageModel,
): HTMLElement {
  const { width, height, channels, values, label } = picture;
  const canvas = h('canvas', {
    class: 'hatched',
    role: 'img',
    tabindex: '0',
    'aria-label': `${plain(label, 200)}, ${width} × ${height} pixels. Arrow keys read pixels.`,
  });
  canvas.width = width;
  canvas.height = height;
  const data = new ImageData(width, height);
  data.data.set(rgba(picture, scale, range));
  canvas.getContext('2d')?.putImageData(data, 0, 0);
  let at = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
  const read = (x: number, y: number) => {
    at = { x: Math.max(0, Math.min(width - 1, x)), y: Math.max(0, Math.min(height - 1, y)) };
    const i = at.y * width + at.x;
    const value =
      channels === 1
        ? `${shown(values[i])}${model.unit && !Number.isNaN(values[i]) ? ` ${model.unit}` : ''}`
        : Array.from({ length: channels }, (_, channel) => values[i * channels + channel]).join(', ');
    frame.say(`${label} · x ${at.x}, y ${at.y}: ${value}`);
  };
  canvas.addEventListener('pointermove', (event) => {
    const box = canvas.getBoundingClientRect();
    read(
      Math.floor(((event.clientX - box.left) / box.width) * width),
      Math.floor(((event.clientY - box.top) / box.height) * height),
    );
  });
  canvas.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    read(at.x + step[0], at.y + step[1]);
  });
  return canvas;
}

function turn(pager: HTMLElement, from: number, count: number, go: (from: number) => void): void {
  if (count <= page) return;
  const button = (text: string, to: number) =>
    h('button', { class: 'quiet', type: 'button', disabled: to < 0 || to >= count, click: () => go(to) }, text);
  pager.replaceChildren(
    button('Previous', from - page),
    ` ${shown(from + 1)} to ${shown(Math.min(count, from + page))} of ${counted(count, 'images')} `,
    button('Next', from + page),
  );
}

function summary(label: string, picture: Picture | undefined): (string | number | null)[] {
  if (!picture) return [label, null, null, null, null, null];
  const span = extent(picture.values);
  let gaps = 0;
  for (const value of picture.values) if (Number.isNaN(value)) gaps++;
  return [label, picture.width, picture.height, span?.[0] ?? null, span?.[1] ?? null, gaps];
}
