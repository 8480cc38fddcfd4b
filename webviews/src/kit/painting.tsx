import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

type PaintingParts = Omit<JSX.HTMLAttributes<HTMLDivElement>, 'ref'> & {
  /** Draws into the element, which stands on the page, and returns what ends that. It is called once. */
  paint(el: HTMLDivElement): () => void;
};

/** An element in which a painter draws by itself, on a canvas or as a chart. Nothing else touches what is in it. */
function Painting({ paint, ...attributes }: PaintingParts) {
  const place = useRef<HTMLDivElement>(null);
  // SAFETY: the element below is on the page while the effect lasts.
  useLayoutEffect(() => paint(place.current as HTMLDivElement), []);
  return <div {...attributes} ref={place} />;
}

interface ReachedParts extends Pick<PaintingParts, 'paint'> {
  label: string;
  class?: string;
}

/** A painting that the keyboard reaches, and that a screen reader calls by its label. */
export const Reached = ({ label, class: name = 'navigable', paint }: ReachedParts) => (
  <Painting class={name} tabIndex={0} role="group" aria-label={label} paint={paint} />
);
