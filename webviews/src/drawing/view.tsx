import { plain } from '@bregma/core/contracts/plain-text';
import { useRef } from 'preact/hooks';
import { type Shown, shownBy } from '../kit/component.tsx';
import { Figure } from '../kit/figure.tsx';
import { parsed } from '../kit/parsed.ts';
import type { View } from '../kit/view.ts';
import { DrawingModel } from './model.ts';

function Body({ model, host }: Shown<DrawingModel>) {
  const picture = useRef<HTMLImageElement>(null);
  const svg = isDark() ? model.dark : model.light;
  const copy = (format: 'svg' | 'png', data: string) =>
    host.send('copy', { format, name: plain(model.title, 80), data });
  const button = (text: string, click: () => void) => (
    <button class="quiet" type="button" title={`Copy as ${text}`} aria-label={`Copy as ${text}`} onClick={click}>
      {text}
    </button>
  );
  const tools = (
    <>
      {button('PNG', () => picture.current && copy('png', pngOf(picture.current)))}
      {button('SVG', () => copy('svg', svg))}
    </>
  );
  return (
    <Figure caption={model} host={host} tools={tools}>
      <img ref={picture} src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`} alt={plain(model.alt)} />
    </Figure>
  );
}

/** PNG at twice the size, base64. */
function pngOf(picture: HTMLImageElement): string {
  const canvas = document.createElement('canvas');
  canvas.width = picture.naturalWidth * 2;
  canvas.height = picture.naturalHeight * 2;
  const context = canvas.getContext('2d');
  if (context) {
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  }
  return canvas.toDataURL('image/png').split(',')[1];
}

/** Whether the ground is dark, in an editor or anywhere else. */
function isDark(): boolean {
  const { classList, dataset } = document.body;
  if (dataset.vscodeThemeKind) return !/light/.test(dataset.vscodeThemeKind);
  if (classList.contains('vscode-light')) return false;
  return classList.contains('vscode-dark') || matchMedia('(prefers-color-scheme: dark)').matches;
}

/** A finished drawing, as an image: what is inside cannot run, load or leave its frame. */
export const drawing: View<DrawingModel> = {
  name: 'drawing',
  style: '.bregma-drawing img { display: block; height: auto; max-width: 100%; }',
  parse: (value) => parsed(DrawingModel, value, 'drawing'),
  render: shownBy(Body),
};
