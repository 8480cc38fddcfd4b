import type { ValueKind } from '@bregma/core/contracts/value-kind';
import { channels } from './colour-scales.ts';
import type { Ink } from './ink.ts';

const kinds: ValueKind[] = ['measured', 'derived', 'not stated', 'predicted', 'simulated', 'imputed', 'synthetic'];

/** Reads the theme at an element of the page. */
export function inkOf(el: Element): Ink {
  const probe = document.createElement('span');
  el.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const ink: Ink = {
    text: colour('text'),
    quiet: colour('quiet'),
    ground: colour('ground'),
    raised: colour('raised'),
    line: colour('line'),
    focus: colour('focus'),
    bad: colour('bad'),
    series: Array.from({ length: 8 }, (_, i) => colour(`series-${i + 1}`)),
    // SAFETY: `kinds` lists every kind of value.
    kinds: Object.fromEntries(kinds.map((kind) => [kind, colour(kind.replace(' ', '-'))])) as Record<ValueKind, string>,
    dark: false,
    font: getComputedStyle(el).fontFamily,
  };
  probe.remove();
  const [r, g, b] = channels(ink.ground);
  ink.dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
  return ink;
}

/** Calls back when the theme of the host or of the system changes. Returns what ends it. */
export function onInkChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  for (const node of [document.documentElement, document.body])
    observer.observe(node, { attributes: true, attributeFilter: ['class', 'style', 'data-theme'] });
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  scheme.addEventListener('change', callback);
  return () => {
    observer.disconnect();
    scheme.removeEventListener('change', callback);
  };
}
