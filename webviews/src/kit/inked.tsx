import type { ComponentChild } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Ink } from './ink.ts';
import { inkOf, onInkChange } from './ink-of.ts';

/** What is written in colours of the theme that style sheets do not name; written again when the theme changes. */
export function Inked({ children }: { children(ink: Ink): ComponentChild }) {
  const place = useRef<HTMLDivElement>(null);
  const [ink, setInk] = useState<Ink>();
  useLayoutEffect(() => {
    const read = () => place.current && setInk(inkOf(place.current));
    read();
    return onInkChange(read);
  }, []);
  return <div ref={place}>{ink && children(ink)}</div>;
}
