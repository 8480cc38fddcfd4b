import { h, plain } from '../kit/dom.ts';
import { figure } from '../kit/figure.tsx';
import { parsed } from '../kit/parsed.ts';
import { redrawn } from '../kit/redrawn.ts';
import type { View } from '../kit/view.ts';
import { DrawingModel } from './model.ts';

/** A finished drawing, as an image: what is inside cannot run, load or leave its frame. */
export const drawing: View<DrawingModel> = {
  name: 'drawing',
  style: '.bregma-drawing img { display: block; height: auto; max-width: 100%; }',
  parse: (value) => parsed(DrawingModel, value, 'drawing'),
  render({ model, el, host }) {
    return redrawn(model, (now) => {
      const svg = isDark() ? now.dark : now.light;
      const picture = h('img', {
        src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`,
        alt: plain(now.alt),
      });
      const copy = (format: 'svg' | 'png', data: string) =>
        host.send('copy', { format, name: plain(now.title, 80), data });
      const button = (text: string, click: () => void) =>
        h(
          'button',
          { class: 'quiet', type: 'button', title: `Copy as ${text}`, 'aria-label': `Copy as ${text}`, click },
          text,
        );
      const tools = [button('PNG', () => copy('png', pngOf(picture))), button('SVG', () => copy('svg', svg))];
      figure(el, { caption: now, host, tools }).body.append(picture);
      return undefined;
    });
  },
};

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
