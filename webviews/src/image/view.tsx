import { plain } from '@bregma/core/contracts/plain-text';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ColourBar } from '../kit/colour-bar.tsx';
import { extent } from '../kit/colour-scales.ts';
import { type Shown, shownAnew } from '../kit/component.tsx';
import { Figure, Nothing } from '../kit/figure.tsx';
import { counted, shown } from '../kit/format.ts';
import { bytesOf } from '../kit/numbers.ts';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { ImageModel } from './model.ts';
import { commonRange, type Picture, pictures, rgba } from './pixels.ts';
import style from './view.css';

/** Pictures that are put into the page at once. */
const page = 60;

function Body({ model, host }: Shown<ImageModel>) {
  const [said, say] = useState('');
  const [from, setFrom] = useState(0);
  const gallery = useRef<HTMLDivElement>(null);
  const all = useMemo(() => pictures(model), [model]);
  const range = useMemo(() => commonRange(all, model), [all, model]);
  const missing = useMemo(() => all.some((picture) => picture?.values.some(Number.isNaN)), [all]);
  const { images, scale = 'grey', pixelSize } = model;
  const first = () => gallery.current?.querySelector('canvas') ?? undefined;
  const table = () => ({
    columns: ['image', 'width (px)', 'height (px)', 'lowest', 'highest', 'not measured'],
    rows: images.map(({ label }, i) => summary(label, all[i])),
  });
  const parts = { caption: model, host, said, picture: all.length === 1 && all[0] ? first : undefined, table };
  if (images.length === 0)
    return (
      <Figure {...parts}>
        <Nothing>There are no images.</Nothing>
      </Figure>
    );
  return (
    <Figure {...parts} hint={pixelSize && `One pixel is ${shown(pixelSize.size)} ${pixelSize.unit}.`}>
      <div class={images.length === 1 ? 'gallery single' : 'gallery'} ref={gallery}>
        {images.slice(from, from + page).map(({ label, file }, i) => {
          const picture = all[from + i];
          return (
            <figure key={from + i}>
              {picture ? (
                <Pixels picture={picture} scale={scale} range={range} unit={model.unit} say={say} />
              ) : (
                <img alt={plain(label, 200)} src={file && dataUrl(file)} />
              )}
              <figcaption>{plain(label, 120)}</figcaption>
            </figure>
          );
        })}
      </div>
      <Pager from={from} count={images.length} go={setFrom} />
      {range && (
        <ColourBar
          scale={scale}
          low={range.low}
          high={range.high}
          label={model.unit ?? 'no unit given'}
          missing={missing}
        />
      )}
    </Figure>
  );
}

function dataUrl({ mediaType, bytes }: { mediaType: string; bytes: string | Uint8Array }): string {
  if (typeof bytes === 'string') return `data:${mediaType};base64,${bytes}`;
  let text = '';
  for (const byte of bytesOf(bytes)) text += String.fromCharCode(byte);
  return `data:${mediaType};base64,${btoa(text)}`;
}

interface PixelsParts {
  picture: Picture;
  scale: Parameters<typeof rgba>[1];
  range: Parameters<typeof rgba>[2];
  unit: string | undefined;
  say(text: string): void;
}

/** A canvas that reads out pixels: under the pointer, or with arrow keys. */
function Pixels({ picture, scale, range, unit, say }: PixelsParts) {
  const { width, height, label } = picture;
  const canvas = useRef<HTMLCanvasElement>(null);
  const at = useRef({ x: Math.floor(width / 2), y: Math.floor(height / 2) });
  useLayoutEffect(() => {
    const data = new ImageData(width, height);
    data.data.set(rgba(picture, scale, range));
    canvas.current?.getContext('2d')?.putImageData(data, 0, 0);
  }, [picture, scale, range]);
  const read = (x: number, y: number) => {
    at.current = { x: Math.max(0, Math.min(width - 1, x)), y: Math.max(0, Math.min(height - 1, y)) };
    say(`${label} · x ${at.current.x}, y ${at.current.y}: ${valueAt(picture, at.current, unit)}`);
  };
  return (
    <canvas
      ref={canvas}
      width={width}
      height={height}
      class="hatched"
      role="img"
      tabIndex={0}
      aria-label={`${plain(label, 200)}, ${width} × ${height} pixels. Arrow keys read pixels.`}
      onPointerMove={({ currentTarget, clientX, clientY }) => {
        const box = currentTarget.getBoundingClientRect();
        read(
          Math.floor(((clientX - box.left) / box.width) * width),
          Math.floor(((clientY - box.top) / box.height) * height),
        );
      }}
      onKeyDown={(event) => {
        const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (!step) return;
        event.preventDefault();
        read(at.current.x + step[0], at.current.y + step[1]);
      }}
    />
  );
}

function valueAt({ width, channels, values }: Picture, { x, y }: { x: number; y: number }, unit?: string): string {
  const i = y * width + x;
  if (channels > 1) return Array.from({ length: channels }, (_, channel) => values[i * channels + channel]).join(', ');
  return `${shown(values[i])}${unit && !Number.isNaN(values[i]) ? ` ${unit}` : ''}`;
}

interface PagerParts {
  /** First image of the page, from 0. */
  from: number;
  count: number;
  go(from: number): void;
}

function Pager({ from, count, go }: PagerParts) {
  if (count <= page) return null;
  const button = (text: string, to: number) => (
    <button class="quiet" type="button" disabled={to < 0 || to >= count} onClick={() => go(to)}>
      {text}
    </button>
  );
  return (
    <p class="pager">
      {button('Previous', from - page)} {shown(from + 1)} to {shown(Math.min(count, from + page))} of{' '}
      {counted(count, 'images')} {button('Next', from + page)}
    </p>
  );
}

function summary(label: string, picture: Picture | undefined): (string | number | null)[] {
  if (!picture) return [label, null, null, null, null, null];
  const span = extent(picture.values);
  let gaps = 0;
  for (const value of picture.values) if (Number.isNaN(value)) gaps++;
  return [label, picture.width, picture.height, span?.[0] ?? null, span?.[1] ?? null, gaps];
}

/** One picture or many, on one scale of colours, with the value of each pixel. */
export const image: View<ImageModel> = {
  name: 'image',
  style,
  parse: (value) => parsed(ImageModel, value, 'image'),
  render: shownAnew(Body),
};
