import { DrawingModel } from '@bregma/core/contracts/views/drawing';
import { h, plain } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';

/** A finished drawing, as an image: what is inside cannot run, load or leave its frame. */
export const drawing: View<DrawingModel> = {
  name: 'drawing',
  style: '.bregma-drawing img { display: block; height: auto; max-width: 100%; }',
  parse: (value) => DrawingModel.parse(value),
  render({ model, el }) {
    const draw = ({ light, dark, alt, title }: DrawingModel) => {
      const address = (svg: string) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      const picture = h('img', { src: address(isDark() ? dark : light), alt: plain(alt, 1000) });
      el.replaceChildren(h('h1', {}, plain(title)), picture);
    };
    draw(model);
    return { update: draw, dispose: () => el.replaceChildren() };
  },
};

/** Whether the ground is dark, in an editor or anywhere else. */
function isDark(): boolean {
  const { classList, dataset } = document.body;
  if (dataset.vscodeThemeKind) return !/light/.test(dataset.vscodeThemeKind);
  if (classList.contains('vscode-light')) return false;
  return classList.contains('vscode-dark') || matchMedia('(prefers-color-scheme: dark)').matches;
}
