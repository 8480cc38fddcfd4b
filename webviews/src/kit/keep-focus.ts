/** Draws anew and gives focus back to the element of the same `data-focus`; the page stays where it was scrolled to. */
export function keepFocus(el: HTMLElement, draw: () => void): void {
  // SAFETY: the pages are HTML; an SVG element that has the focus has a `dataset`, too.
  const active = document.activeElement as HTMLElement | null;
  const key = active && el.contains(active) ? active.dataset.focus : undefined;
  const { scrollX, scrollY } = window;
  draw();
  if (key !== undefined)
    el.querySelector<HTMLElement>(`[data-focus="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  window.scrollTo(scrollX, scrollY);
}
